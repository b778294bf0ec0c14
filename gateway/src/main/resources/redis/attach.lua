-- attach: 5 the node, 6 for how long it says so, 7 and 8 the position it knows; to have the stream for itself also
-- 9 the reader, 10 the fence it has (0: it takes), 11 how many microseconds ago the reader came, 12 and 13 the last event it
-- says it has.
-- Returns 0 held, 1 superseded or 2 removed, epoch, tail, fence, then the other nodes it was taken from.
if not open(tonumber(ARGV[7]), tonumber(ARGV[8]), false) then
  return {'2', '0', '0', '0'}
end

-- Whose stream it is may be believed: what it has and we do not was lost.
if ARGV[9] and is_lost(tonumber(ARGV[12]), tonumber(ARGV[13])) then
  begin_epoch_after(epoch)
end
remember_it()

redis.call('ZREMRANGEBYSCORE', nodes, '-inf', int(now))
local answer = {'0', int(epoch), int(tail), int(fence)}
if ARGV[9] then
  local claimed, age = tonumber(ARGV[10]), tonumber(ARGV[11])
  local again = reader == ARGV[9]
  local superseded
  if claimed > 0 then
    superseded = fence > claimed
  else
    superseded = age > 0 and not again and fence >= micros - age
  end
  if superseded then
    answer[1] = '1'
    return answer
  end
  if claimed > 0 then
    fence = claimed
  elseif not again then
    fence = math.max(fence + 1, micros)
  end
  redis.call('HSET', meta, 'fence', int(fence), 'reader', ARGV[9])
  answer[4] = int(fence)
  for _, node in ipairs(redis.call('ZRANGE', nodes, 0, -1)) do
    if node ~= ARGV[5] then
      answer[#answer + 1] = node
    end
  end
  redis.call('DEL', nodes)
end

redis.call('ZADD', nodes, int(now + tonumber(ARGV[6])), ARGV[5])
-- Another node may say so for longer.
if redis.call('PTTL', nodes) < tonumber(ARGV[6]) then
  redis.call('PEXPIRE', nodes, ARGV[6])
end
return answer

-- append: 5 how long keys are remembered, 6 and 7 the position the caller knows, 8 how many fields are settled with it, then
-- those, then type, data, type, data, ... KEYS: after the stream's own, if there is one, the key that recognises a
-- repetition; if fields are settled, the hash that has them. Returns epoch, first sequence, count, repeated, node, node, ...
local settled = tonumber(ARGV[8])
local seen = (settled == 0 or #KEYS > 4) and KEYS[4]

local function tell(of_epoch, first, count, repeated)
  -- Last of all: what could not be kept must not look settled.
  if settled > 0 then
    redis.call('HDEL', KEYS[#KEYS], unpack(ARGV, 9, 8 + settled))
  end
  local answer = {of_epoch, first, count, repeated}
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes, '(' .. int(now), '+inf')) do
    answer[#answer + 1] = node
  end
  return answer
end

if seen then
  local landed = redis.call('GET', seen)
  if landed then
    local first_epoch, first, count = string.match(landed, '^(%d+)-(%d+)x(%d+)$')
    return tell(first_epoch, first, count, '1')
  end
end

open(tonumber(ARGV[6]), tonumber(ARGV[7]), true)
-- A server that is another than the one that began the epoch, or the same started again, may not have all that was ever said
-- to be kept. So it gives no more ids of that epoch; what it appends follows what it has, until somebody proves a loss.
local first_follows
if run ~= present_run() then
  first_follows = int(epoch) .. '-' .. int(tail)
  begin_epoch_after(epoch)
  redis.call('HSET', meta, 'follows', first_follows)
end
local first = tail + 1
for i = 9 + settled, #ARGV, 2 do
  tail = tail + 1
  local entry = {'t', int(now), 'b', int(bytes), 'e', ARGV[i], 'd', ARGV[i + 1]}
  if first_follows then
    entry[9], entry[10] = 'f', first_follows
    first_follows = nil
  end
  redis.call('XADD', log, int(epoch) .. '-' .. int(tail), unpack(entry))
  bytes = bytes + #ARGV[i] + #ARGV[i + 1]
end
redis.call('HSET', meta, 'tail', int(tail), 'bytes', int(bytes))
trim()
redis.call('PEXPIRE', log, age + 1000)
remember_it()

local count = tail - first + 1
if seen then
  redis.call('SET', seen, int(epoch) .. '-' .. int(first) .. 'x' .. int(count), 'PX', ARGV[5])
end
return tell(int(epoch), int(first), int(count), '0')

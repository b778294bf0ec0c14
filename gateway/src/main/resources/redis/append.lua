-- append: 5 how long keys are remembered, 6 and 7 the position the caller knows, then type, data, type, data, ...
-- KEYS[4], if given, recognises a repetition. Returns epoch, first sequence, count, repeated, node, node, ...
local function tell(of_epoch, first, count, repeated)
  local answer = {of_epoch, first, count, repeated}
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes, '(' .. int(now), '+inf')) do
    answer[#answer + 1] = node
  end
  return answer
end

if KEYS[4] then
  local landed = redis.call('GET', KEYS[4])
  if landed then
    local first_epoch, first, count = string.match(landed, '^(%d+)-(%d+)x(%d+)$')
    return tell(first_epoch, first, count, '1')
  end
end

open(tonumber(ARGV[6]), tonumber(ARGV[7]), true)
local first = tail + 1
for i = 8, #ARGV, 2 do
  tail = tail + 1
  redis.call('XADD', log, int(epoch) .. '-' .. int(tail), 't', int(now), 'b', int(bytes), 'e', ARGV[i], 'd', ARGV[i + 1])
  bytes = bytes + #ARGV[i] + #ARGV[i + 1]
end
redis.call('HSET', meta, 'tail', int(tail), 'bytes', int(bytes))
trim()
redis.call('PEXPIRE', log, age + 1000)

local count = tail - first + 1
if KEYS[4] then
  redis.call('SET', KEYS[4], int(epoch) .. '-' .. int(first) .. 'x' .. int(count), 'PX', ARGV[5])
end
return tell(int(epoch), int(first), int(count), '0')

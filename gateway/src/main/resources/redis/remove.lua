-- remove: 1 the node that removes, 2 for how long others can hear of it. KEYS: meta, log, nodes, and keys of repetitions.
-- Returns the other nodes with readers. Where there are none, nothing is left to tell that the stream ever was.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local others = {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. string.format('%.0f', now), '+inf')) do
  if node ~= ARGV[1] then
    others[#others + 1] = node
  end
end
local removed = redis.call('HEXISTS', KEYS[1], 'removed') == 1
redis.call('UNLINK', unpack(KEYS))
if removed or #others > 0 then
  redis.call('HSET', KEYS[1], 'removed', '1')
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return others

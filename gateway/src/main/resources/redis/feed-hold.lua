-- feed hold: 1 who asks, 2 for how long, 3 how long the rest is remembered. Takes a feed that nobody has, or goes on
-- having it. Returns whether the one who asks has it, the fence, and where the source stands: nil if never connected.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local feed = redis.call('HMGET', KEYS[1], 'holder', 'until', 'fence', 'position')
local fence = tonumber(feed[3] or '0')
if feed[1] and feed[1] ~= ARGV[1] and tonumber(feed[2]) > now then
  return {0, fence}
end
if feed[1] ~= ARGV[1] then
  fence = fence + 1
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', string.format('%.0f', now + tonumber(ARGV[2])), 'fence', fence)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {1, fence, feed[4]}

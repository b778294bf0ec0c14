-- census read: KEYS and the first two of ARGV as in census add. Returns names and records, those seen longest ago first.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local oldest = string.format('(%.0f', now - tonumber(ARGV[2]))
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', oldest)) do
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end

local answer = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local record = redis.call('HGET', KEYS[1], name)
  if record then
    answer[#answer + 1] = name
    answer[#answer + 1] = record
  end
end
return answer

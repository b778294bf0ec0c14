-- What is said of sessions that came from one place, and what is asked.
--   KEYS[1] sorted set: ids by the time until which they count; * stands for all that were too many
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))

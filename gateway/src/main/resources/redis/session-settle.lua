-- settle: 1 the exchange that has its outcome.
local key = ARGV[1]
return redis.call('HDEL', exchanges, 'i' .. key, 's' .. key, 'n' .. key, 'r' .. key, 'm' .. key, 'e' .. key, 'f' .. key)

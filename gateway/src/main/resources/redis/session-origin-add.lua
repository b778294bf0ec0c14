-- origin add: 1 for how long the id counts, 2 most ids to tell apart, 3 the id.
local member = ARGV[3]
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) and not redis.call('ZSCORE', KEYS[1], member) then
  member = '*'
end
local till = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('ZSCORE', KEYS[1], member) or '0'))
redis.call('ZADD', KEYS[1], string.format('%.0f', till), member)
local longest = redis.call('ZRANGE', KEYS[1], '-1', '-1', 'WITHSCORES')
return redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(longest[2])))

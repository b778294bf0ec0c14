-- index add: 1 for how long the index is kept, 2 most ids in it, 3 the id. Returns whether there was room.
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) and not redis.call('ZSCORE', KEYS[1], ARGV[3]) then
  return 0
end
redis.call('ZADD', KEYS[1], '0', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1

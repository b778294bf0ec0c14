-- attach: 5 the node, 6 for how long it says so, 7 and 8 the position it knows. Returns epoch, tail.
open(tonumber(ARGV[7]), tonumber(ARGV[8]))
redis.call('ZREMRANGEBYSCORE', nodes, '-inf', int(now))
redis.call('ZADD', nodes, int(now + tonumber(ARGV[6])), ARGV[5])
-- Another node may say so for longer.
if redis.call('PTTL', nodes) < tonumber(ARGV[6]) then
  redis.call('PEXPIRE', nodes, ARGV[6])
end
return {int(epoch), int(tail)}

-- attach: 5 the node, 6 for how long it says so, 7 and 8 the position it knows. Returns epoch, tail.
open(tonumber(ARGV[7]), tonumber(ARGV[8]))
redis.call('ZREMRANGEBYSCORE', nodes, '-inf', int(now))
redis.call('ZADD', nodes, int(now + tonumber(ARGV[6])), ARGV[5])
redis.call('PEXPIRE', nodes, ARGV[6])
return {int(epoch), int(tail)}

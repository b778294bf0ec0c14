-- involve: 1 for how long it is kept, 2 a node, 3 the id of a session it has a part in. KEYS: the nodes, the node's ids.
redis.call('SADD', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], '0', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('PEXPIRE', KEYS[2], ARGV[1])

-- nodes: 1 for how long they are kept. Returns those with a part in anything.
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('SMEMBERS', KEYS[1])

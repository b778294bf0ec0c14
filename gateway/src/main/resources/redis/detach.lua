-- detach: the node has no more readers of the stream.
return redis.call('ZREM', KEYS[1], ARGV[1])

-- index drop: ids whose sessions are gone.
return redis.call('ZREM', KEYS[1], unpack(ARGV))

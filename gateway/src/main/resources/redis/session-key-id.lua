-- key id. Returns the id that goes by it, or nothing.
return redis.call('GET', KEYS[1])

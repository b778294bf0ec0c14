-- alive: whether there is such a session.
return redis.call('EXISTS', KEYS[1])

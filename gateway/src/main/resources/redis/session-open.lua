-- open. Returns field, value, ... of all exchanges.
return redis.call('HGETALL', exchanges)

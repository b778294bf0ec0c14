-- settle: the fields of the exchange that has its outcome.
return redis.call('HDEL', exchanges, unpack(ARGV))

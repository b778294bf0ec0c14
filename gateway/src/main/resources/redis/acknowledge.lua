-- acknowledge: drops every entry before the given id.
return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])

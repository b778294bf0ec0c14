-- index page: 1 for how long the index is kept, 2 most ids to return, 3 the id after which they begin, or empty.
redis.call('PEXPIRE', KEYS[1], ARGV[1])
local from = ARGV[3] == '' and '-' or '(' .. ARGV[3]
return redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', '0', ARGV[2])

-- create: 1 its life, then field, value, ... One that is there was created by the same call before.
if not lives() then
  redis.call('HSET', record, 'ways', int(now + 2 * ARGV[1]), unpack(ARGV, 2))
end
redis.call('PEXPIRE', record, ARGV[1])
return 1

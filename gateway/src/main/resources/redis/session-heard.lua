-- heard: 1 the last event id of the upstream's own stream; or 1 an exchange, 2 the last event id on the way to its outcome.
if #ARGV == 1 and lives() then
  redis.call('HSET', record, 'lastEventId', ARGV[1])
elseif #ARGV == 2 and redis.call('HEXISTS', exchanges, 'i' .. ARGV[1]) == 1 then
  redis.call('HSET', exchanges, 'e' .. ARGV[1], ARGV[2])
end
return 1

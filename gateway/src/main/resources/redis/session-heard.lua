-- heard: 1 an exchange, 2 the upstream's last event id on the way to its outcome.
if redis.call('HEXISTS', exchanges, 'i' .. ARGV[1]) == 1 then
  redis.call('HSET', exchanges, 'e' .. ARGV[1], ARGV[2])
end
return 1

-- feed release: 1 who has the feed and lets go of it, so that nobody has to wait for the lease to lapse.
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'holder', 'until')
end
return 1

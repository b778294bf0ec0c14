-- position: 1 the upstream's session, '' where it has none, 2 the last event id of its own stream. Noted while that is the
-- conversation: in another, the id would mean something else.
if lives() and (redis.call('HGET', record, 'upstreamSession') or '') == ARGV[1] then
  redis.call('HSET', record, 'lastEventId', ARGV[2])
end
return 1

-- absent: 1 the node where the client no longer listens, 2 how far its link was written to, or empty. Where the client
-- listens elsewhere by now, that stays.
local presence = redis.call('HMGET', record, 'node', 'listening')
if presence[1] == ARGV[1] then
  if presence[2] == '1' then
    redis.call('HSET', record, 'listening', '0', 'changed', int(now))
  end
  note_written(ARGV[2])
end
return 1

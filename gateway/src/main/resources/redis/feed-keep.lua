-- feed keep: 1 who has the feed, 2 under which fence, 3 where the source stands. Returns 0 if another has taken it since.
local feed = redis.call('HMGET', KEYS[1], 'holder', 'fence')
if feed[1] ~= ARGV[1] or feed[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'position', ARGV[3])
return 1

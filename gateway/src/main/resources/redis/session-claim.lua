-- claim: 1 the generation the caller knew, 2 the node, 3 for how long in ms. Returns 1 where that node may begin the
-- conversation anew. Of a session that is gone anybody may find that out. A claim is about its generation: what was begun
-- under it may be forgotten at once, and is anybody's to begin anew.
if not lives() then
  return 1
end
local known = redis.call('HMGET', record, 'generation', 'claimant', 'claimed', 'claim')
local held = known[4] == ARGV[1] and known[2] ~= ARGV[2] and tonumber(known[3]) > now
if known[1] ~= ARGV[1] or held then
  return 0
end
redis.call('HSET', record, 'claimant', ARGV[2], 'claimed', int(now + ARGV[3]), 'claim', ARGV[1])
return 1

-- take over: 1 the node that is dead, 2 who survives it. Returns all exchanges as field, value, ... ; those taken have the
-- survivor for n and the dead for f, also when it is asked again.
local all = redis.call('HGETALL', exchanges)
for i = 1, #all, 2 do
  local field = all[i]
  if string.sub(field, 1, 1) == 'n' and all[i + 1] == ARGV[1] then
    redis.call('HSET', exchanges, field, ARGV[2], 'f' .. string.sub(field, 2), ARGV[1])
  end
end
return redis.call('HGETALL', exchanges)

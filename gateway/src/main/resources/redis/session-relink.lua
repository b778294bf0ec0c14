-- relink: 1 the generation the caller knew, then field, value, ... of the link. Returns what the link is afterwards.
if not lives() then
  return {}
end
if redis.call('HGET', record, 'generation') == ARGV[1] then
  replace(LINK, 2)
end
return redis.call('HMGET', record, unpack(LINK))

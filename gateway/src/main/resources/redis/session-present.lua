-- present: 1 its life, 2 the node where the client listens. Returns like accept.
if not lives() then
  return {}
end
redis.call('HSET', record, 'node', ARGV[2], 'listening', '1', 'changed', int(now))
local due = refresh(ARGV[1])
local answer = snapshot()
table.insert(answer, 1, due)
return answer

-- accept: 1 its life, then field, value, ... of exchanges. Returns whether the ways are due, and the record's values.
if not lives() then
  return {}
end
for first = 2, #ARGV, 1000 do
  redis.call('HSET', exchanges, unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
local due = refresh(ARGV[1])
local answer = snapshot()
table.insert(answer, 1, due)
return answer

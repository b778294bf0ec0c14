-- remove. Returns what it was, or nothing.
if not lives() then
  return {}
end
local answer = snapshot()
redis.call('DEL', record, exchanges)
return answer

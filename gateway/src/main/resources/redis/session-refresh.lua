-- refresh: 1 its life. Returns nothing if it is gone, 0, or the record's values behind a 1 where the ways are due.
if not lives() then
  return {}
end
if refresh(ARGV[1]) == '0' then
  return {'0'}
end
local answer = snapshot()
table.insert(answer, 1, '1')
return answer

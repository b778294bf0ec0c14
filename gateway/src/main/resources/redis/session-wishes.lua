-- wishes: returns the requests that are kept.
local wishes = {}
local fields = redis.call('HGETALL', record)
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 5) == 'wish ' then
    wishes[#wishes + 1] = fields[i + 1]
  end
end
return wishes

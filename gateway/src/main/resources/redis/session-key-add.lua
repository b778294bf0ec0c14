-- key add: 1 for how long it is kept, 2 the id that goes by it, 3 whether it is a new one. The newest goes by it.
local known = redis.call('GET', KEYS[1])
if ARGV[3] == '1' or not known or known == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
end
return 1

-- census add: KEYS 1 hash: for each guest's name its record, 2 sorted set: when each was last seen. ARGV 1 most entries,
-- 2 how long one is kept, then for each guest 5: its name, the newest revision, first and last seen, how often.
local known, seen = KEYS[1], KEYS[2]

-- Lua would print large numbers with an exponent.
local function int(number)
  return string.format('%.0f', number)
end

local function merged(record, i)
  local entry = cjson.decode(record)
  return math.min(tonumber(entry.first), tonumber(ARGV[i + 2])), math.max(tonumber(entry.last), tonumber(ARGV[i + 3])),
    tonumber(entry.count) + tonumber(ARGV[i + 4]), ARGV[i + 1] > entry.revision and ARGV[i + 1] or entry.revision
end

for i = 3, #ARGV, 5 do
  local first, last, count, revision = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4]), ARGV[i + 1]
  local record = redis.call('HGET', known, ARGV[i])
  if record then
    first, last, count, revision = merged(record, i)
  end
  local text = '{"revision":' .. cjson.encode(revision) .. ',"first":' .. int(first) .. ',"last":' .. int(last)
    .. ',"count":' .. int(count) .. '}'
  redis.call('HSET', known, ARGV[i], text)
  redis.call('ZADD', seen, int(last), ARGV[i])
end

local over = redis.call('ZCARD', seen) - tonumber(ARGV[1])
if over > 0 then
  for _, name in ipairs(redis.call('ZRANGE', seen, 0, over - 1)) do
    redis.call('HDEL', known, name)
    redis.call('ZREM', seen, name)
  end
end
redis.call('PEXPIRE', known, ARGV[2])
redis.call('PEXPIRE', seen, ARGV[2])
return over

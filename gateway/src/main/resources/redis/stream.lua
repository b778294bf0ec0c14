-- What every verb on a stream begins with. Keys of one stream share a hash tag, so a cluster keeps them together.
--   meta  hash: epoch, tail (the last sequence given), bytes (ever appended); of a stream that is for one reader also
--         fence (the microsecond it was taken, or higher) and reader; of one that was removed nothing but removed
--   log   stream: one entry an event, its id epoch-sequence; t when it came, b bytes before it, e type, d data
--   nodes sorted set: nodes with readers, by the time until which they say so
local meta, log, nodes = KEYS[1], KEYS[2], KEYS[3]
local most_events, most_bytes = tonumber(ARGV[1]), tonumber(ARGV[2])
local age, remember = tonumber(ARGV[3]), tonumber(ARGV[4])

local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now = math.floor(micros / 1000)

-- Lua would print large numbers with an exponent.
local function int(number)
  return string.format('%.0f', number)
end

local epoch, tail, bytes, fence, reader

local function begin_epoch_after(last)
  epoch, tail = math.max(micros, last + 1), 0
  redis.call('HSET', meta, 'epoch', int(epoch), 'tail', '0', 'bytes', int(bytes))
end

-- Finds the stream where it stands. A caller who remembers more than is here proves that something was lost.
-- False, and nothing touched, for one that was removed, unless it is to begin anew.
local function open(known_epoch, known_tail, anew)
  local stored = redis.call('HMGET', meta, 'epoch', 'tail', 'bytes', 'fence', 'reader', 'removed')
  epoch, tail, bytes = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
  fence, reader = tonumber(stored[4]) or 0, stored[5]
  if stored[6] then
    if not anew then
      return false
    end
    redis.call('DEL', meta)
  end
  if not epoch then
    bytes = 0
    redis.call('DEL', log)
    begin_epoch_after(known_epoch)
  elseif known_epoch > epoch or (known_epoch == epoch and known_tail > tail) then
    begin_epoch_after(known_epoch)
  end
  redis.call('PEXPIRE', meta, remember)
  return true
end

-- Drops from the front whatever is beyond a bound. One entry is looked at while nothing is to go.
local function trim()
  local excess = redis.call('XLEN', log) - most_events
  local from, step = '-', 1
  local dropping = false
  while true do
    local page = redis.call('XRANGE', log, from, '+', 'COUNT', step)
    if #page == 0 then
      if dropping then
        redis.call('DEL', log)
      end
      return
    end
    for _, entry in ipairs(page) do
      local fields = entry[2]
      if excess > 0 or now - tonumber(fields[2]) > age or bytes - tonumber(fields[4]) > most_bytes then
        excess, dropping = excess - 1, true
      else
        if dropping then
          redis.call('XTRIM', log, 'MINID', entry[1])
        end
        return
      end
    end
    from, step = '(' .. page[#page][1], 64
  end
end

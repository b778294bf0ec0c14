-- What every verb on a stream begins with. Keys of one stream share a hash tag, so a cluster keeps them together.
--   meta  hash: epoch, run (of this server, in which the epoch began), follows (where the epoch before had come to, if this
--         one goes on with it), tail (the last sequence given), bytes (ever appended); of a stream that is for one reader
--         also fence (the microsecond it was taken, or higher) and reader; of one that was removed nothing but removed
--   log   stream: one entry an event, its id epoch-sequence; t when it came, b bytes before it, e type, d data, and f the
--         id it follows, where that is of another epoch
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

local epoch, run, follows, tail, bytes, fence, reader

-- Drawn by the server at each start: a copy of its data is gone on with under another. Some who may use a server may not ask.
local told_run
local function present_run()
  if not told_run then
    local told = redis.pcall('INFO', 'server')
    told_run = type(told) == 'string' and string.match(told, 'run_id:(%w+)') or 'untold'
  end
  return told_run
end

local function begin_epoch_after(last)
  epoch, run, tail = math.max(micros, last + 1), present_run(), 0
  redis.call('HSET', meta, 'epoch', int(epoch), 'run', run, 'tail', '0', 'bytes', int(bytes))
  if follows then
    redis.call('HDEL', meta, 'follows')
    follows = false
  end
end

-- Whether one who was there proves that something was lost.
local function is_lost(of_epoch, sequence)
  if of_epoch == epoch then
    return sequence > tail
  end
  local before, last = string.match(follows or '', '^(%d+)-(%d+)$')
  return of_epoch == tonumber(before) and sequence > tonumber(last)
end

-- Finds the stream where it stands. A caller who remembers more than is here proves that something was lost.
-- False, and nothing touched, for one that was removed, unless it is to begin anew.
local function open(known_epoch, known_tail, anew)
  local stored = redis.call('HMGET', meta, 'epoch', 'tail', 'bytes', 'fence', 'reader', 'removed', 'run', 'follows')
  epoch, tail, bytes = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
  fence, reader, run, follows = tonumber(stored[4]) or 0, stored[5], stored[7], stored[8]
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
  elseif known_epoch > epoch or is_lost(known_epoch, known_tail) then
    begin_epoch_after(math.max(known_epoch, epoch))
  end
  return true
end

-- From now on. After what is to be kept: once a script has written anything, a server without memory lets it write the rest.
-- And one that takes no writes can be read.
local function remember_it()
  redis.pcall('PEXPIRE', meta, remember)
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
        redis.pcall('DEL', log)
      end
      return
    end
    for _, entry in ipairs(page) do
      local fields = entry[2]
      if excess > 0 or now - tonumber(fields[2]) > age or bytes - tonumber(fields[4]) > most_bytes then
        excess, dropping = excess - 1, true
      else
        if dropping then
          redis.pcall('XTRIM', log, 'MINID', entry[1])
        end
        return
      end
    end
    from, step = '(' .. page[#page][1], 64
  end
end

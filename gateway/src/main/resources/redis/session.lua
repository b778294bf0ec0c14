-- What every verb on a session begins with. Its keys share a hash tag, so a cluster keeps them together, and they end
-- together.
--   record    hash: the fields below, those that are null left out; ways: until when the ways to it are kept elsewhere;
--             claimant, claimed, claim: who may begin the conversation anew, until when, after which generation;
--             'wish ' and a name: a request that an upstream which forgot is told again
--   exchanges hash: for each, a letter and its key: i id, s stream, n who waits, r request, m method, e the upstream's
--             last event id, f whom it was taken from
local record, exchanges = KEYS[1], KEYS[2]
local OPENING = {'initialize', 'revision', 'clientName', 'clientVersion', 'initialized'}
local LINK = {'generation', 'holder', 'upstreamSession', 'endpoint', 'agreed', 'lastEventId'}

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Lua would print large numbers with an exponent.
local function int(number)
  return string.format('%.0f', number)
end

local function lives()
  return redis.call('EXISTS', record) == 1
end

local function snapshot()
  return redis.call('HMGET', record, 'principal', 'transport', 'origin', 'key', 'upstream',
    'initialize', 'revision', 'clientName', 'clientVersion', 'initialized',
    'generation', 'holder', 'upstreamSession', 'endpoint', 'agreed', 'lastEventId',
    'node', 'listening', 'written', 'changed')
end

-- Gives all of it a new life, and says whether the ways to it must be given one too: they have two lives, so that this is
-- seldom.
local function refresh(life)
  redis.call('PEXPIRE', record, life)
  redis.call('PEXPIRE', exchanges, life)
  if tonumber(redis.call('HGET', record, 'ways')) - now >= tonumber(life) then
    return '0'
  end
  redis.call('HSET', record, 'ways', int(now + 2 * life))
  return '1'
end

local function replace(fields, from)
  redis.call('HDEL', record, unpack(fields))
  redis.call('HSET', record, unpack(ARGV, from))
end

local function position(text)
  local epoch, sequence = string.match(text or '', '^(%w+)-(%d+)$')
  if not epoch then
    return 0, 0
  end
  return tonumber(epoch, 36), tonumber(sequence)
end

-- The highest position counts.
local function note_written(text)
  local epoch, sequence = position(text)
  local known_epoch, known = position(redis.call('HGET', record, 'written'))
  if epoch > known_epoch or (epoch == known_epoch and sequence > known) then
    redis.call('HSET', record, 'written', text)
  end
end

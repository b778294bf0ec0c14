-- acknowledge: 1 and 2 the position up to which nobody will ask again. One that this stream never had releases nothing.
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'tail')
local epoch, tail = tonumber(stored[1]), tonumber(stored[2])
local upto_epoch, upto = tonumber(ARGV[1]), tonumber(ARGV[2])
if not epoch or upto_epoch > epoch or (upto_epoch == epoch and upto > tail) then
  return 0
end
return redis.call('XTRIM', KEYS[2], 'MINID', ARGV[1] .. '-' .. string.format('%.0f', upto + 1))

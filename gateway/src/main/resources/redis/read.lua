-- read: 5 and 6 the position to read after (epoch 0: from the oldest), 7 most events, 8 most bytes.
-- Returns epoch (0: the stream was removed), tail, fence, the id of another epoch that this one follows or nothing, then of each
-- entry id, the id of another epoch that it follows or nothing, type, data. Whether they follow is for the caller to judge.
if not open(0, 0, false) then
  return {'0', '0', '0', ''}
end
trim()
remember_it()
local after_epoch, after = tonumber(ARGV[5]), tonumber(ARGV[6])
local from = '(' .. ARGV[5] .. '-' .. ARGV[6]
if after_epoch == 0 or after_epoch > epoch or (after_epoch == epoch and after > tail) then
  from = '-'
end

local answer = {int(epoch), int(tail), int(fence), follows or ''}
local events, most = tonumber(ARGV[7]), tonumber(ARGV[8])
local room, step = most, 8
while events > 0 and room > 0 do
  local page = redis.call('XRANGE', log, from, '+', 'COUNT', math.min(events, step))
  if #page == 0 then
    break
  end
  for _, entry in ipairs(page) do
    local fields = entry[2]
    answer[#answer + 1] = entry[1]
    answer[#answer + 1] = fields[10] or ''
    answer[#answer + 1] = fields[6]
    answer[#answer + 1] = fields[8]
    events, room = events - 1, room - #fields[6] - #fields[8]
    if room <= 0 then
      break
    end
  end
  from = '(' .. page[#page][1]
  -- No more than what fits the room if the rest is like this: large events are not fetched only to be left out.
  step = math.max(1, math.min(128, math.floor(room * (tonumber(ARGV[7]) - events) / (most - room + 1))))
end
return answer

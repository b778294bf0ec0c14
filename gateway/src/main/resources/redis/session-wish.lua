-- wish: 1 a name, 2 the request kept under it, or empty: it is taken back; 3 how many fields the record may have.
if lives() then
  if ARGV[2] == '' then
    redis.call('HDEL', record, 'wish ' .. ARGV[1])
  elseif redis.call('HLEN', record) < tonumber(ARGV[3]) then
    redis.call('HSET', record, 'wish ' .. ARGV[1], ARGV[2])
  end
end
return 1

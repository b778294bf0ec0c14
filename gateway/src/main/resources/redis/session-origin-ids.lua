-- origin ids. Returns those that came from there, and none where they were too many.
if redis.call('ZSCORE', KEYS[1], '*') then
  return {}
end
return redis.call('ZRANGE', KEYS[1], '0', '-1')

-- find. Returns the record's values, or nothing.
return lives() and snapshot() or {}

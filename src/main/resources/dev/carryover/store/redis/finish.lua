-- Removes an ended session once its listeners have been told.
-- KEYS: record, deadline index
-- ARGV: id
-- Answers {1, time}.
remove(KEYS[1], KEYS[2], ARGV[1])
return {1, now()}

-- Claims the end of a session whose deadline has passed, or whose end another node has not finished
-- telling within its lease.
-- KEYS: record, deadline index
-- ARGV: id, sliding (1/0), grace in ms, lease in ms
-- Answers {0, time} if there is nothing to claim, else the whole record: see reply().
local record, index = KEYS[1], KEYS[2]
local id, sliding, grace, lease = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])

local session = metadata(record)
local time = now()
if not session then
  remove(record, index, id)
  return {0, time}
end
local due = session.ended or deadline(session, sliding)
if due > time then
  -- Touched since it was found, or claimed by another.
  index_deadline(record, index, id, due, grace)
  return {0, time}
end
tell_holder(session, '')
redis.call('HSET', record, '~ended', time + lease)
index_deadline(record, index, id, time + lease, grace)
return reply(record, session, time, 0)

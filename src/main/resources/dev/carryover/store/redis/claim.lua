-- Claims the end of a session whose deadline has passed, or whose end another node has not finished
-- telling within its lease.
-- KEYS: deadline index, record
-- ARGV: whether the node can read it (1/0), sliding (1/0), grace in ms, lease in ms
-- Answers {0, time} if there is nothing to claim, else the whole record: see reply().
local record = KEYS[2]
local readable, sliding = ARGV[1] == '1', ARGV[2] == '1'
local grace, lease = tonumber(ARGV[3]), tonumber(ARGV[4])

local session = find(1)
local time = now()
if not session then
  remove(record)
  return {0, time}
end
local due = session.ended or deadline(session, sliding)
if due > time then
  -- Touched since it was found, or claimed by another.
  index_deadline(record, due, grace)
  return {0, time}
end
if not readable then
  -- For a node with its secret, if there is one. The record does not outlive its grace by this.
  redis.call('ZADD', index, time + lease, name_of(record))
  return {0, time}
end
tell_holder(session, '')
redis.call('HSET', record, '~ended', time + lease)
index_deadline(record, time + lease, grace)
return reply(record, session, time, 0, 0)

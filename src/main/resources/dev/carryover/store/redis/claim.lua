-- Claims the end of a session whose deadline has passed, or whose end another node has not finished
-- telling within its lease.
-- KEYS: deadline index, record
-- ARGV: whether the node can read it (1/0), lease in ms
-- Answers {0, time} if there is nothing to claim, else the whole record: see reply().
local record = KEYS[2]
local readable, lease = ARGV[1] == '1', tonumber(ARGV[2])

local session = shared.find(1)
if not session then
  shared.remove_remains(record)
  if others[record] == LATER then
    redis.pcall('ZADD', index, time + lease, shared.name_of(record))
  end
  shared.heal_principals()
  return {0, time}
end
local due = session.ended or shared.deadline(session)
if due > time then
  -- Touched since it was found, or claimed by another.
  shared.index_deadline(record, due)
  return {0, time}
end
if not readable then
  -- For a node with its secret, if there is one. The record does not outlive its grace by this.
  redis.pcall('ZADD', index, time + lease, shared.name_of(record))
  return {0, time}
end
shared.tell_holder(session, '')
local answer = shared.reply(record, session, 0, 0)
shared.disown(record)
if not session.ended then
  shared.count('expired')
end
if shared.write_if_room(record, '~ended', time + lease) then
  shared.index_deadline(record, time + lease)
else
  shared.remove(record)
end
return answer

-- Ends a session. With a lease the record stays readable, and in the index, until finish.lua; when
-- the lease passes before that, another node claims it.
-- KEYS: record, deadline index, forward of the id
-- ARGV: id, version the node knows (0: none), sliding (1/0), grace in ms, lease in ms (0: none)
-- Answers {0, time} if it had ended, {2, time, id} if it was rotated to that id, else see reply().
local record, index, forward = KEYS[1], KEYS[2], KEYS[3]
local id, known, sliding, grace = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])
local lease = tonumber(ARGV[5])

local session = metadata(record)
local time = now()
if not is_live(session, sliding, time) then
  local moved = not session and redis.call('GET', forward)
  return moved and {2, time, moved} or {0, time}
end
tell_holder(session, '')
local answer = reply(record, session, time, known)
if lease > 0 and write_if_room(record, '~ended', time + lease) then
  index_deadline(record, index, id, time + lease, grace)
else
  remove(record, index, id)
end
return answer

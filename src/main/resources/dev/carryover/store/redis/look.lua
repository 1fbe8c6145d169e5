-- Answers what the node lacks of a session that it keeps beyond a request. Changes nothing.
-- KEYS: record, deadline index, forward of the id
-- ARGV: id, version the node knows (0: none), sliding (1/0)
-- Answers {0, time} if there is no such session, {2, time, id} if it was rotated to that id,
--         else see reply().
local record, forward = KEYS[1], KEYS[3]
local known, sliding = tonumber(ARGV[2]), ARGV[3] == '1'

local session = metadata(record)
local time = now()
if not is_live(session, sliding, time) then
  local moved = not session and redis.call('GET', forward)
  return moved and {2, time, moved} or {0, time}
end
return reply(record, session, time, known)

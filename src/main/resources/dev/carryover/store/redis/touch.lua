-- Slides the deadline of a session that a request names but does not use.
-- KEYS: record, deadline index
-- ARGV: id, sliding (1/0), grace in ms
-- Answers {0, time} if there is no such session, else {1, time, who holds it}.
local record, index = KEYS[1], KEYS[2]
local id, sliding, grace = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3])

local session = metadata(record)
local time = now()
if not is_live(session, sliding, time) then
  return {0, time}
end
access(record, index, id, session, sliding, time, grace)
return {1, time, session.holder}

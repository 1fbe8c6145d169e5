-- Slides the deadline of a session that a request names but does not use.
-- KEYS: deadline index, records
-- ARGV: sliding (1/0), grace in ms
-- Answers {0, time} if there is no such session, else {1, time, who holds it}.
local sliding, grace = ARGV[1] == '1', tonumber(ARGV[2])

local session, record = find(#KEYS - 1)
local time = now()
if not is_live(session, sliding, time) then
  return {0, time}
end
access(record, session, sliding, time, grace)
return {1, time, session.holder}

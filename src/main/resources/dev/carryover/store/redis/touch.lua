-- Slides the deadline of a session that a request names but does not use.
-- KEYS: deadline index, records
-- Answers {0, time} if there is no such session, else {1, time, who holds it}.
local session, record = shared.find(#KEYS - 1)
if not shared.is_live(session) then
  return {0, time}
end
shared.access(record, session)
return {1, time, session.holder}

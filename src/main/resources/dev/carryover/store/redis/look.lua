-- Answers what the node lacks of a session that it keeps beyond a request. Changes nothing.
-- KEYS: deadline index, records, forwards
-- ARGV: version the node knows (0: none)
-- Answers {0, time} if there is no such session, {2, time, forward, place} if it was rotated,
--         else see reply().
local forms = (#KEYS - 1) / 2
local session, record = shared.find(forms)
if not shared.is_live(session) then
  return shared.gone(session, forms)
end
shared.refuse_on_replica(record)
return shared.reply(record, session, tonumber(ARGV[1]), longest)

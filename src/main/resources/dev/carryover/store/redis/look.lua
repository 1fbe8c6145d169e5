-- Answers what the node lacks of a session that it keeps beyond a request. Changes nothing.
-- KEYS: deadline index, records, forwards
-- ARGV: version the node knows (0: none)
-- Answers {0, time} if there is no such session, {2, time, forward, place} if it was rotated,
--         else see reply().
local forms = (#KEYS - 1) / 2
local session, record = find(forms)
if not is_live(session) then
  return gone(session, forms)
end
refuse_on_replica(record)
return reply(record, session, tonumber(ARGV[1]), longest)

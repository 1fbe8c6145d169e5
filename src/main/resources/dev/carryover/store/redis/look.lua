-- Answers what the node lacks of a session that it keeps beyond a request. Changes nothing.
-- KEYS: deadline index, records, forwards
-- ARGV: version the node knows (0: none), sliding (1/0), the most bytes of a value
-- Answers {0, time} if there is no such session, {2, time, forward, place} if it was rotated,
--         else see reply().
local known, sliding = tonumber(ARGV[1]), ARGV[2] == '1'

local forms = (#KEYS - 1) / 2
local session, record = find(forms)
local time = now()
if not is_live(session, sliding, time) then
  return gone(session, time, forms)
end
return reply(record, session, time, known, tonumber(ARGV[3]))

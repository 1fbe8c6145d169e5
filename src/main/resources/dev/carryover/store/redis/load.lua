-- Answers one field of a session: a value that was too long to come with the others. Changes nothing.
-- KEYS: deadline index, records, forwards
-- ARGV: sliding (1/0), field
-- Answers {0, time} if there is no such session, {2, time, forward, place} if it was rotated, else as
--         reply() does, of that field alone.
local forms = (#KEYS - 1) / 2
local session, record = find(forms)
local time = now()
if not is_live(session, ARGV[1] == '1', time) then
  return gone(session, time, forms)
end
return {1, time, session.created, session.accessed, session.interval, session.principal,
  session.version, 0, session.place, session.salt, 0, ARGV[2], redis.call('HGET', record, ARGV[2])}

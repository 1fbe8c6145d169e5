-- Answers one field of a session: a value that was too long to come with the others. Changes nothing.
-- KEYS: deadline index, records, forwards
-- ARGV: field
-- Answers {0, time} if there is no such session, {2, time, forward, place} if it was rotated, else as
--         reply() does, of that field alone.
local forms = (#KEYS - 1) / 2
local session, record = shared.find(forms)
if not shared.is_live(session) then
  return shared.gone(session, forms)
end
shared.refuse_on_replica(record)
return {1, time, session.created, session.accessed, session.interval, session.principal,
  session.version, 0, session.place, session.salt, 0, ARGV[1], redis.call('HGET', record, ARGV[1])}

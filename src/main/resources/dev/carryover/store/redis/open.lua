-- Opens a session: is it there and in time, then slide its deadline and answer what the node lacks.
-- KEYS: deadline index, records
-- ARGV: version the node knows (0: none), who holds it from now on ('': nobody)
-- Answers {0, time} if there is no such session, else see reply().
local known, holder = tonumber(ARGV[1]), ARGV[2]

local session, record = find(#KEYS - 1)
if not session then
  for i = 2, #KEYS do
    remove_remains(KEYS[i])
  end
  return {0, time}
end
if not is_live(session) then
  index_overdue(record, session)
  return {0, time}
end
notice_damage(record, session)
if session.holder ~= holder then
  tell_holder(session, holder)
  if write_if_room(record, '~holder', holder) then
    session.fields = redis.call('HLEN', record)
    redis.call('HSET', record, '~state', state(session))
  end
end
local settled = session.place == 1
  or time - math.max(session.created, session.resealed or 0) < SETTLED
local answer = reply(record, session, known, longest, not settled)
access(record, session)
return answer

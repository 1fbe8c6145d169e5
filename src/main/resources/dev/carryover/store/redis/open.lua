-- Opens a session: is it there and in time, then slide its deadline and answer what the node lacks.
-- KEYS: deadline index, records
-- ARGV: version the node knows (0: none), who holds it from now on ('': nobody)
-- Answers {0, time} if there is no such session, else see reply().

-- How long a record keeps its form at least (ms): while nodes are restarted one by one with another
-- configuration, they would put it back and forth with each request.
local SETTLED = 600000
local known, holder = tonumber(ARGV[1]), ARGV[2]

local session, record = shared.find(#KEYS - 1)
if not session then
  for i = 2, #KEYS do
    shared.remove_remains(KEYS[i])
  end
  return {0, time}
end
if not shared.is_live(session) then
  shared.index_overdue(record, session)
  return {0, time}
end
shared.notice_damage(record, session)
if session.holder ~= holder then
  shared.tell_holder(session, holder)
  if shared.write_if_room(record, '~holder', holder) then
    session.fields = redis.call('HLEN', record)
    redis.call('HSET', record, '~state', shared.state(session))
  end
end
local wants_reseal = session.place > 1
  and time - math.max(session.created, session.resealed or 0) >= SETTLED
local answer = shared.reply(record, session, known, longest, wants_reseal)
shared.access(record, session)
return answer

-- Opens a session: is it there and in time, then slide its deadline and answer what the node lacks.
-- KEYS: deadline index, records
-- ARGV: version the node knows (0: none), sliding (1/0), grace in ms,
--       who holds it from now on ('': nobody)
-- Answers {0, time} if there is no such session, else see reply().
local known, sliding, grace = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3])

local session, record = find(#KEYS - 1)
local time = now()
if not session then
  -- Attributes without their metadata are nobody's session.
  for i = 2, #KEYS do
    remove(KEYS[i])
  end
  return {0, time}
end
if not is_live(session, sliding, time) then
  return {0, time}
end
notice_damage(record, session)
local holder = ARGV[4]
if session.holder ~= holder then
  tell_holder(session, holder)
  if write_if_room(record, '~holder', holder) then
    redis.call('HSET', record, '~fields', redis.call('HLEN', record))
  end
end
local settled = time - math.max(session.created, session.resealed or 0) < SETTLED
local answer = reply(record, session, time, known, session.place > 1 and not settled)
access(record, session, sliding, time, grace)
return answer

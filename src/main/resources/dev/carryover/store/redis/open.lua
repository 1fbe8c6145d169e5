-- Opens a session: is it there and in time, then slide its deadline and answer what the node lacks.
-- KEYS: record, deadline index
-- ARGV: id, version the node knows (0: none), sliding (1/0), grace in ms,
--       who holds it from now on ('': nobody)
-- Answers {0, time} if there is no such session, else see reply().
local record, index = KEYS[1], KEYS[2]
local id, known, sliding, grace = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])

local session = metadata(record)
local time = now()
if not session then
  -- Attributes without their metadata are nobody's session.
  remove(record, index, id)
  return {0, time}
end
if not is_live(session, sliding, time) then
  return {0, time}
end
notice_damage(record, session)
local holder = ARGV[5]
if session.holder ~= holder then
  tell_holder(session, holder)
  if write_if_room(record, '~holder', holder) then
    redis.call('HSET', record, '~fields', redis.call('HLEN', record))
  end
end
local answer = reply(record, session, time, known)
access(record, index, id, session, sliding, time, grace)
return answer

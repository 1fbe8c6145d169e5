-- Ends a session. With a lease the record stays readable, and in the index, until finish.lua; when
-- the lease passes before that, another node claims it.
-- KEYS: deadline index, records, forwards
-- ARGV: version the node knows (0: none), lease in ms (0: none), entry of the principals' index that
--       led here ('': none); if it is another user's session, it stays
-- Answers {0, time} if it had ended, or is another's, {2, time, forward, place} if it was rotated, else see reply().
local known, lease = tonumber(ARGV[1]), tonumber(ARGV[2])

local forms = (#KEYS - 1) / 2
local session, record = shared.find(forms)
if not shared.is_live(session) then
  if not session then
    shared.forget(ARGV[3])
  end
  return shared.gone(session, forms)
end
if not shared.belongs_to(record, ARGV[3]) then
  return {0, time}
end
shared.tell_holder(session, '')
local answer = shared.reply(record, session, known, 0)
shared.disown(record)
shared.count('invalidated')
if lease > 0 and shared.write_if_room(record, '~ended', time + lease) then
  shared.index_deadline(record, time + lease)
else
  shared.remove(record)
end
return answer

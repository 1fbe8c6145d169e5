-- Ends a session. With a lease the record stays readable, and in the index, until finish.lua; when
-- the lease passes before that, another node claims it.
-- KEYS: deadline index, records, forwards
-- ARGV: version the node knows (0: none), lease in ms (0: none)
-- Answers {0, time} if it had ended, {2, time, forward, place} if it was rotated, else see reply().
local known, lease = tonumber(ARGV[1]), tonumber(ARGV[2])

local forms = (#KEYS - 1) / 2
local session, record = find(forms)
if not is_live(session) then
  return gone(session, forms)
end
tell_holder(session, '')
local answer = reply(record, session, known, 0)
if lease > 0 and write_if_room(record, '~ended', time + lease) then
  index_deadline(record, time + lease)
else
  remove(record)
end
return answer

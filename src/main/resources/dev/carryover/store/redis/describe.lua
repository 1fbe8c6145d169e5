-- Answers a session's metadata, and nothing of its attributes. No access. What an index says of a
-- record that is not there any more is taken out of it.
-- KEYS: deadline index, records
-- ARGV: the entry of the principals' index that led here ('': none)
-- Answers {0, time} if there is no such session, else as reply() does, with ~id alone.
local session, record = find(#KEYS - 1)
if not session then
  for i = 2, #KEYS do
    remove_remains(KEYS[i])
  end
  forget(ARGV[1])
end
if not is_live(session) then
  return {0, time}
end
return {1, time, session.created, session.accessed, session.interval, session.principal,
  session.version, 0, session.place, session.salt, 0, '~id', redis.call('HGET', record, '~id')}

-- Answers a session's metadata, and of its attributes what they are called and how long they are, if
-- that is wanted. No access. What an index says of a
-- record that is not there any more is taken out of it.
-- KEYS: deadline index, records
-- ARGV: the entry of the principals' index that led here ('': none), whether lengths are
--       wanted (1/0)
-- Answers {0, time} if there is no such session, else as reply() does, with ~id and lengths alone.
local session, record = shared.find(#KEYS - 1)
if not session then
  for i = 2, #KEYS do
    shared.remove_remains(KEYS[i])
  end
  shared.forget(ARGV[1])
end
if not shared.is_live(session) then
  return {0, time}
end
local answer = {1, time, session.created, session.accessed, session.interval, session.principal,
  session.version, 0, session.place, session.salt, 0, '~id', redis.call('HGET', record, '~id')}
for _, field in ipairs(ARGV[2] == '1' and redis.call('HKEYS', record) or {}) do
  if not string.find(field, '^~[^~]') then
    answer[#answer + 1] = field
    answer[#answer + 1] = redis.call('HSTRLEN', record, field)
  end
end
return answer

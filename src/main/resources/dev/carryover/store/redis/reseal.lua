-- Puts a record into another form, under the name it has there, unless it was changed since the
-- node read it. Versions stay: what the session holds is the same.
-- KEYS: deadline index, record, record in its new form
-- ARGV: version that the node read, hash of the principal's name ('': none), field, value...
-- Answers {0, time} if it was changed, else {1, time}.
local record, new_record = KEYS[2], KEYS[3]

local session = shared.find(1)
if not shared.is_live(session) or session.version ~= tonumber(ARGV[1]) then
  return {0, time}
end
local owner = shared.disown(record)
redis.call('HDEL', record, '~salt', '~id')
shared.call_in_parts('HSET', record, ARGV, 3, #ARGV)
if owner and ARGV[2] ~= '' then
  owner = ARGV[2] .. (string.match(owner, ' %d+$') or ' ' .. time)
  redis.call('HSET', record, '~owner', owner)
  shared.own(new_record, owner)
end
redis.call('HSET', record, '~resealed', time)
session.fields = redis.call('HLEN', record)
redis.call('HSET', record, '~state', shared.state(session))
redis.call('RENAME', record, new_record)
shared.on_index('ZREM', shared.name_of(record))
shared.index_deadline(new_record, shared.deadline(session))
return {1, time}

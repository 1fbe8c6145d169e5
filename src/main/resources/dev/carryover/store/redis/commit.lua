-- Writes what a request changed; a new id renames the record and leaves a forward for commits of
-- requests that are already under way elsewhere. A session that has ended stays ended.
-- KEYS: deadline index, records, forwards [, record of the new id]
-- ARGV: place of the form that the values are written in, number of the salt they are bound to
--       ('': none), what the forward says, life of the forward in ms, interval in s ('': stays),
--       principal ('': stays, '-': none, '=...'), hash of its name, who holds it here ('': nobody),
--       number of fields that belong to the new id, number of written fields,
--       the former's field, value..., the latter's field, value..., removed field...
-- Answers {0, time} if it has ended, {2, time, forward, place} if it was rotated,
--         {3, time, place, salt} if it has another form or salt; then nothing is written;
--         else {1, time, created, previous version, version}.

-- Bytes of a salt's number.
local NUMBER_OF_SALT = 8
local FIRST_OF_ID = 11
local place, salt, interval, principal = tonumber(ARGV[1]), ARGV[2], ARGV[5], ARGV[6]
local first_written = FIRST_OF_ID + 2 * tonumber(ARGV[9])
local first_removed = first_written + 2 * tonumber(ARGV[10])

local forms = math.floor((#KEYS - 1) / 2)
local new_record = KEYS[2 + 2 * forms]
local session, record = shared.find(forms)
if not shared.is_live(session) then
  return shared.gone(session, forms)
end
if session.place ~= place or string.sub(session.salt or '', 1, NUMBER_OF_SALT) ~= salt then
  return {3, time, session.place, session.salt}
end

if session.holder ~= '' then
  shared.tell_holder(session, ARGV[8])
end
local previous, fields, owner = session.version, session.fields, nil
local changes_fields, names_user = #ARGV >= first_written, principal ~= '' and principal ~= '-'
local former_owner = (new_record or principal ~= '') and redis.call('HGET', record, '~owner')
if changes_fields or principal ~= '' or interval ~= '' then
  session.version = math.max(previous + 1, time)
  session.interval = tonumber(interval) or session.interval
end

-- All in one call, and before all else: if Redis refuses it for want of room, nothing is written.
local written, count = {}, 0
for i = FIRST_OF_ID, first_removed - 1 do
  count = count + 1
  written[count] = ARGV[i]
end
if session.version > previous then
  -- Which fields this commit changes, beside those of the versions before.
  local packed = redis.call('HGET', record, '~changes')
  local log, names = shared.changes(packed)
  if not log then
    shared.heal(packed and 1 or 0)
    log, names = {since = {}, of = {}}, 0
  end
  local since, of = log.since, log.of
  for i = first_written, first_removed - 1, 2 do
    names = of[ARGV[i]] and names or names + 1
    of[ARGV[i]] = session.version
  end
  for i = first_removed, #ARGV do
    names = of[ARGV[i]] and names or names + 1
    of[ARGV[i]] = session.version
  end
  if names > MOST_CHANGES then
    log = {since = {}, of = {}}
  elseif since[#since] ~= previous then
    since[#since + 1] = previous
  end
  if #since > MOST_VERSIONS then
    table.remove(since, 1)
  end
  written[count + 1], written[count + 2] = '~changes', cmsgpack.pack(log)
  count = count + 2
end
if names_user then
  owner = ARGV[7] .. ' ' .. time_text
  written[count + 1], written[count + 2] = '~principal', string.sub(principal, 2)
  written[count + 3], written[count + 4] = '~owner', owner
  count = count + 4
  -- A guess that is mostly right; see below.
  session.fields = fields + (session.principal and 0 or 1) + (former_owner and 0 or 1)
elseif principal == '' then
  owner = former_owner
end
if session.version > previous then
  written[count + 1], written[count + 2] = '~state', shared.state(session)
end
if principal == '-' and not changes_fields then
  -- Who does no more than log out does so without room too.
  fields = fields - redis.call('HDEL', record, '~principal', '~owner')
  session.fields = fields
  written[count + 2] = shared.state(session)
end
fields = fields + shared.call_in_parts('HSET', record, written, 1, #written)
if first_removed <= #ARGV then
  fields = fields - shared.call_in_parts('HDEL', record, ARGV, first_removed, #ARGV)
end
if principal == '-' and changes_fields then
  fields = fields - redis.call('HDEL', record, '~principal', '~owner')
end
if fields ~= session.fields then
  session.fields = fields
  redis.call('HSET', record, '~state', shared.state(session))
end

if former_owner and (new_record or owner ~= former_owner) then
  shared.on_principals('ZREM', former_owner .. ' ' .. shared.name_of(record))
end
if new_record then
  redis.call('RENAME', record, new_record)
  shared.on_index('ZREM', shared.name_of(record))
  redis.call('SET', KEYS[1 + forms + place], ARGV[3], 'PX', ARGV[4])
  record = new_record
end
if owner and (new_record or owner ~= former_owner) then
  shared.own(record, owner)
end
if new_record or interval ~= '' then
  shared.index_deadline(record, shared.deadline(session))
end
return {1, time, session.created, previous, session.version}

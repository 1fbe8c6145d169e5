-- Writes what a request changed; a new id renames the record and leaves a forward for commits of
-- requests that are already under way elsewhere. A session that has ended stays ended.
-- KEYS: deadline index, records, forwards [, record of the new id]
-- ARGV: place of the form that the values are written in, number of the salt they are bound to
--       ('': none), sliding (1/0), grace in ms, what the forward says, life of the forward in ms,
--       interval in s ('': stays), principal ('': stays, '-': none, '=...'),
--       who holds it here ('': nobody),
--       number of fields that belong to the new id, number of written fields,
--       the former's field, value..., the latter's field, value..., removed field...
-- Answers {0, time} if it has ended, {2, time, forward, place} if it was rotated,
--         {3, time, place, salt} if it has another form or salt; then nothing is written;
--         else {1, time, created, previous version, version}.
local place, salt, sliding, grace = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local interval, principal = ARGV[7], ARGV[8]
local FIRST_OF_ID = 12
local first_written = FIRST_OF_ID + 2 * tonumber(ARGV[10])
local first_removed = first_written + 2 * tonumber(ARGV[11])

local forms = math.floor((#KEYS - 1) / 2)
local new_record = KEYS[2 + 2 * forms]
local session, record = find(forms)
local time = now()
if not is_live(session, sliding, time) then
  return gone(session, time, forms)
end
if session.place ~= place or string.sub(session.salt or '', 1, NUMBER_OF_SALT) ~= salt then
  return {3, time, session.place, session.salt}
end

-- Which fields this commit changes, beside those of the versions before.
local function log_changes(version)
  local log = changes(record) or {base = version - 1, of = {}}
  local count = 0
  for i = first_written, first_removed - 1, 2 do
    log.of[ARGV[i]] = version
  end
  for i = first_removed, #ARGV do
    log.of[ARGV[i]] = version
  end
  for _ in pairs(log.of) do
    count = count + 1
  end
  if count > MOST_CHANGES then
    log = {base = version, of = {}}
  end
  redis.call('HSET', record, '~changes', cmsgpack.pack(log))
end

tell_holder(session, ARGV[9])
notice_damage(record, session)
local previous = session.version
local changes_attributes = #ARGV >= first_written
if changes_attributes or principal ~= '' or interval ~= '' then
  session.version = previous + 1
  redis.call('HSET', record, '~version', session.version)
end
if changes_attributes then
  call_in_parts('HSET', record, ARGV, first_written, first_removed - 1)
  call_in_parts('HDEL', record, ARGV, first_removed, #ARGV)
  log_changes(session.version)
end
if principal == '-' then
  redis.call('HDEL', record, '~principal')
elseif principal ~= '' then
  redis.call('HSET', record, '~principal', string.sub(principal, 2))
end
if changes_attributes or principal ~= '' then
  redis.call('HSET', record, '~fields', redis.call('HLEN', record))
end
if interval ~= '' then
  session.interval = tonumber(interval)
  redis.call('HSET', record, '~interval', session.interval)
end
if new_record then
  call_in_parts('HSET', record, ARGV, FIRST_OF_ID, first_written - 1)
  redis.call('RENAME', record, new_record)
  redis.call('ZREM', index, name_of(record))
  redis.call('SET', KEYS[1 + forms + place], ARGV[5], 'PX', ARGV[6])
  record = new_record
end
if new_record or interval ~= '' then
  index_deadline(record, deadline(session, sliding), grace)
end
return {1, time, session.created, previous, session.version}

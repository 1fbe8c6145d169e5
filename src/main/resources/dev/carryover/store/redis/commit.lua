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
local place, salt, interval, principal = tonumber(ARGV[1]), ARGV[2], ARGV[5], ARGV[6]
local FIRST_OF_ID = 11
local first_written = FIRST_OF_ID + 2 * tonumber(ARGV[9])
local first_removed = first_written + 2 * tonumber(ARGV[10])

local forms = math.floor((#KEYS - 1) / 2)
local new_record = KEYS[2 + 2 * forms]
local session, record = find(forms)
if not is_live(session) then
  return gone(session, forms)
end
if session.place ~= place or string.sub(session.salt or '', 1, NUMBER_OF_SALT) ~= salt then
  return {3, time, session.place, session.salt}
end

-- Which fields this commit changes, beside those of the versions before.
local function log_changes(version)
  local log, any = changes(record)
  if not log then
    heal(any and 1 or 0)
    log = {base = version - 1, of = {}}
  end
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
  return redis.call('HSET', record, '~changes', cmsgpack.pack(log))
end

tell_holder(session, ARGV[8])
notice_damage(record, session)
local previous = session.version
local added, removed = 0, 0
if #ARGV >= first_written then
  -- First what Redis refuses when it has no room: then nothing is written.
  added = log_changes(previous + 1)
    + call_in_parts('HSET', record, ARGV, first_written, first_removed - 1)
  removed = call_in_parts('HDEL', record, ARGV, first_removed, #ARGV)
end
if principal ~= '' then
  if principal == '-' then
    removed = removed + redis.call('HDEL', record, '~principal')
    disown(record)
    removed = removed + redis.call('HDEL', record, '~owner')
  else
    local owner = ARGV[7] .. ' ' .. time
    added = added + redis.call('HSET', record, '~principal', string.sub(principal, 2))
    disown(record)
    added = added + redis.call('HSET', record, '~owner', owner)
    own(record, owner)
  end
end
if #ARGV >= first_written or principal ~= '' or interval ~= '' then
  session.version = previous + 1
  session.fields = session.fields + added - removed
  session.interval = tonumber(interval) or session.interval
  redis.call('HSET', record, '~state', state(session))
end
if new_record then
  call_in_parts('HSET', record, ARGV, FIRST_OF_ID, first_written - 1)
  local owner = disown(record)
  redis.call('RENAME', record, new_record)
  on_index('ZREM', name_of(record))
  redis.call('SET', KEYS[1 + forms + place], ARGV[3], 'PX', ARGV[4])
  record = new_record
  if owner then
    own(record, owner)
  end
end
if new_record or interval ~= '' then
  index_deadline(record, deadline(session))
end
return {1, time, session.created, previous, session.version}

-- Writes what a request changed; a new id renames the record and leaves a forward for commits of
-- requests that are already under way elsewhere. A session that has ended stays ended.
-- KEYS: record, deadline index, forward of the id [, record of the new id]
-- ARGV: id, new id ('': stays), sliding (1/0), grace in ms, life of the forward in ms,
--       interval in s ('': stays), principal ('': stays, '-': none, '=name'),
--       who holds it here ('': nobody), number of written fields, field, value..., removed field...
-- Answers {0, time} if it has ended, {2, time, id} if it was rotated to that id,
--         else {1, time, created, previous version, version}.
local record, index, forward = KEYS[1], KEYS[2], KEYS[3]
local id, new_id, sliding, grace = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local interval, principal, written = ARGV[6], ARGV[7], tonumber(ARGV[9])
local last_written = 9 + 2 * written

local session = metadata(record)
local time = now()
if not is_live(session, sliding, time) then
  local moved = not session and redis.call('GET', forward)
  return moved and {2, time, moved} or {0, time}
end

-- Which fields this commit changes, beside those of the versions before.
local function log_changes(version)
  local log = changes(record) or {base = version - 1, of = {}}
  local count = 0
  for i = 10, last_written, 2 do
    log.of[ARGV[i]] = version
  end
  for i = last_written + 1, #ARGV do
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

tell_holder(session, ARGV[8])
notice_damage(record, session)
local previous = session.version
if #ARGV > 9 then
  session.version = previous + 1
  call_in_parts('HSET', record, ARGV, 10, last_written)
  call_in_parts('HDEL', record, ARGV, last_written + 1, #ARGV)
  log_changes(session.version)
  redis.call('HSET', record, '~version', session.version)
end
if principal == '-' then
  redis.call('HDEL', record, '~principal')
elseif principal ~= '' then
  redis.call('HSET', record, '~principal', string.sub(principal, 2))
end
if #ARGV > 9 or principal ~= '' then
  redis.call('HSET', record, '~fields', redis.call('HLEN', record))
end
if interval ~= '' then
  session.interval = tonumber(interval)
  redis.call('HSET', record, '~interval', session.interval)
end
if new_id ~= '' then
  redis.call('RENAME', record, KEYS[4])
  redis.call('ZREM', index, id)
  redis.call('SET', forward, new_id, 'PX', ARGV[5])
  record, id = KEYS[4], new_id
end
if new_id ~= '' or interval ~= '' then
  index_deadline(record, index, id, deadline(session, sliding), grace)
end
return {1, time, session.created, previous, session.version}

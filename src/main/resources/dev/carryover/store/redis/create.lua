-- Writes a new session. Ids are random: one that exists is this node's own, sent twice, and what the
-- application wants of it may have changed since the first time.
-- KEYS: deadline index, record
-- ARGV: created ('': now), interval in s, principal ('': none), hash of its name, field, value...
-- Answers {1, time, created, version}.
local record = KEYS[2]

-- A node that has not heard from us yet dates by its own clock, and the application was told so.
local MOST_AHEAD = 10000

local created = tonumber(ARGV[1]) or time
local session = {
  created = created <= time + MOST_AHEAD and created or time,
  accessed = time,
  interval = tonumber(ARGV[2]),
  version = 1,
  fields = 3 + (ARGV[3] ~= '' and 2 or 0) + (#ARGV - 4) / 2,
}
local sent_before = false
-- Not in any case: a script that has deleted is no longer stopped for want of memory.
if redis.call('EXISTS', record) == 1 then
  sent_before = shared.metadata(record) ~= nil
  if not sent_before and others[record] then
    shared.put_aside(record)
  else
    shared.disown(record)
    redis.call('DEL', record)
  end
end
local written = {'~created', string.format('%.0f', session.created), '~accessed', time_text, '~state',
  shared.state(session)}
for i = 5, #ARGV do
  written[2 + i] = ARGV[i]
end
shared.call_in_parts('HSET', record, written, 1, #written)
if ARGV[3] ~= '' then
  local owner = ARGV[4] .. ' ' .. time_text
  redis.call('HSET', record, '~principal', ARGV[3], '~owner', owner)
  shared.own(record, owner)
end
shared.index_deadline(record, shared.deadline(session))
if not sent_before then
  shared.count('created')
end
return {1, time, session.created, session.version}

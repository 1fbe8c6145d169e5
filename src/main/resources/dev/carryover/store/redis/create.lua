-- Writes a new session. Ids are random: one that exists is this node's own, sent twice, and what the
-- application wants of it may have changed since the first time.
-- KEYS: deadline index, record
-- ARGV: created ('': now), interval in s, sliding (1/0), grace in ms, principal ('': none),
--       field, value...
-- Answers {1, time, created, version}.
local record = KEYS[2]
local sliding, grace = ARGV[3] == '1', tonumber(ARGV[4])

-- A node that has not heard from us yet dates by its own clock, and the application was told so.
local MOST_AHEAD = 10000

local time = now()
local created = tonumber(ARGV[1]) or time
local session = {
  created = created <= time + MOST_AHEAD and created or time,
  accessed = time,
  interval = tonumber(ARGV[2]),
  version = 1,
}
if redis.call('EXISTS', record) == 1 then
  -- Not in any case: a script that has deleted is no longer stopped for want of memory.
  redis.call('DEL', record)
end
local fields = 5 + (ARGV[5] ~= '' and 1 or 0) + (#ARGV - 5) / 2
redis.call('HSET', record, '~created', session.created, '~accessed', session.accessed, '~interval',
  session.interval, '~version', session.version, '~fields', fields)
if ARGV[5] ~= '' then
  redis.call('HSET', record, '~principal', ARGV[5])
end
call_in_parts('HSET', record, ARGV, 6, #ARGV)
index_deadline(record, deadline(session, sliding), grace)
return {1, time, session.created, session.version}

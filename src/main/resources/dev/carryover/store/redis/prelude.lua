-- What all operations share; the script begins with it. See flight.lua for how they are put together.
-- A function takes Redis as long to make as to call, with each flight anew, the longer the more locals
-- it reaches: so functions are fields of one table, and what is seldom needed is in seldom.lua.
--
-- An operation's KEYS are the deadline index of the session's shard; then the records: the keys that
-- the session's may have, one for each form that the node knows (plain, or sealed with this secret or
-- that); then, for those that follow a rotation, the forwards: the keys of the same names that tell
-- where the session went. A form's place is its number, from 1 on.
--
-- A record is a hash: a field an attribute, and these fields of metadata. An attribute whose name
-- starts with '~' is stored with one more '~', so the two never meet.
--   ~created, ~accessed   milliseconds since the epoch, of this server's clock
--   ~state                three numbers: the seconds of inactivity allowed (0 or less: never
--                         expires); the version, which grows with each commit that changes
--                         anything but the id, to the time (ms) if it can: so no two states of a
--                         session have one version, not even if a server that died took one along;
--                         how many fields there are since the last commit.
--                         Where it begins with 'v' and a number, it is of a version to come
--   ~changes              MessagePack: in which version each field changed last ('of'), complete for
--                         all that changed after each of the versions of 'since', the oldest first
--   ~principal            the authenticated user, if any
--   ~owner                what the principals' index begins with for this session: a hash of the user's
--                         name, and when (ms) the session became the user's
--   ~holder               the node that trusts its copy: the channel where it hears that it must no
--                         longer, and the number of its hold there; empty or missing for none
--   ~ended                the session has ended; until when (ms) a node is telling listeners so
--   ~salt, ~id            of a sealed record: what its values are bound to, and the session's id,
--                         both sealed; before that, ~salt has a number that is not secret
--   ~resealed             when it was put into another form, if ever

-- Most fields that ~changes remembers; beyond it starts anew, and nodes fetch the whole record. So do
-- those that know a version before the last few.
local MOST_CHANGES, MOST_VERSIONS = 64, 16
-- Most arguments handed to one redis.call: Lua's stack is limited.
local MOST_ARGUMENTS = 1000
-- Records that are not ours to change: of a version to come, or no records at all.
local LATER, FOREIGN = 'later', 'foreign'

local shared = {}

-- Of the whole script: whether accesses move the deadline, by how much (ms) a record outlives it, the
-- most bytes of a value that comes with an open (0: any), how old (ms) a session gets at most (0: any
-- age), and the time (ms), as text too.
local sliding, grace, longest = ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local max_age = tonumber(ARGV[5])

local clock = redis.call('TIME')
local time = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- Not by %d, which has 32 bits on some platforms.
local time_text = clock[1] .. string.format('%03d', math.floor(clock[2] / 1000))

-- Of the operation that is under way: its keys, the first of them, and its arguments.
local KEYS, index, ARGV = KEYS, nil, ARGV

-- How much was met that is not as these scripts leave it, and was put right or passed over.
local healed = 0

-- Which records are LATER or FOREIGN.
local others = {}

-- A record's metadata, or nil if there is no record, or one without the metadata it needs.
function shared.metadata(record)
  if others[record] then
    others[record] = nil
  end
  local field = redis.pcall('HMGET', record, '~created', '~accessed', '~state', '~principal',
    '~ended', '~holder', '~salt', '~resealed')
  if field.err and shared.is_of_another_type(field) then
    others[record] = FOREIGN
    return nil
  end
  local created, accessed, interval, version, fields = string.match(
    (field[1] or '') .. ' ' .. (field[2] or '') .. ' ' .. (field[3] or ''),
    '^(%-?%d+) (%-?%d+) (%-?%d+) (%-?%d+) (%-?%d+)$')
  -- Numbers that Redis and nodes can go on with.
  if not created or #created > 15 or #accessed > 15 or #interval > 11 or #version > 15
    or #fields > 15 then
    others[record] = string.find(field[3] or '', '^v%d') and LATER or nil
    return nil
  end
  return {
    created = tonumber(created),
    accessed = tonumber(accessed),
    interval = tonumber(interval),
    version = tonumber(version),
    fields = tonumber(fields),
    principal = field[4],
    ended = field[5] and (shared.number(field[5]) or 0),
    holder = field[6] or '',
    salt = field[7],
    resealed = field[8] and shared.number(field[8]),
    place = 0,
  }
end

-- The session's metadata and its record, the first that there is of so many; nil if there is none.
function shared.find(forms)
  for place = 1, forms do
    local record = KEYS[1 + place]
    local session = shared.metadata(record)
    if session then
      session.place = place
      return session, record
    end
  end
  return nil
end

function shared.state(session)
  return string.format('%d %.0f %d', session.interval, session.version, session.fields)
end

function shared.deadline(session)
  local due = max_age > 0 and session.created + max_age or math.huge
  local interval = session.interval
  if interval <= 0 then
    return due
  end
  local idle = (sliding and session.accessed or session.created) + interval * 1000
  return idle < due and idle or due
end

function shared.is_live(session)
  return session and not session.ended and shared.deadline(session) > time
end

function shared.access(record, session)
  -- By how much (ms) the index may lag behind an access, and the least interval (s) for which it may.
  -- Expiry looks at the record itself, and puts right what the index has said too early.
  local SLACK, LEAST_INTERVAL_FOR_SLACK = 10000, 300
  local before = session.accessed
  session.accessed = math.max(before, time)
  -- In any case: a server that was the master once answers with an error then.
  local written = shared.write_if_room(record, '~accessed',
    before < time and time_text or string.format('%.0f', before))
  if not written or not sliding or session.interval <= 0 then
    return
  end
  if session.interval < LEAST_INTERVAL_FOR_SLACK
    or math.floor(before / SLACK) ~= math.floor(session.accessed / SLACK) then
    shared.heal(shared.index_deadline(record, shared.deadline(session)))
  end
end

-- Writes a field, unless Redis is at maxmemory and refuses; tells whether it did. Reading and ending
-- sessions has to work then too.
function shared.write_if_room(record, field, value)
  local done = redis.pcall('HSET', record, field, value)
  if type(done) == 'table' and done.err then
    if not string.find(done.err, 'OOM', 1, true) then
      error(done.err)
    end
    return false
  end
  return true
end

-- Fields that came or went without a commit make a version of their own, so that no node goes on
-- with what it knew.
function shared.notice_damage(record, session)
  local fields = redis.call('HLEN', record)
  if fields == session.fields then
    return
  end
  shared.heal()
  session.version = math.max(session.version + 1, time)
  session.fields = fields - redis.call('HDEL', record, '~changes')
  shared.write_if_room(record, '~state', shared.state(session))
end

-- Calls a command on a key with the arguments first..last of a list, a part at a time. Parts are of
-- even length, so that pairs of field and value stay together. Returns the sum of what it answers.
function shared.call_in_parts(command, key, list, first, last)
  local sum = 0
  for from = first, last, MOST_ARGUMENTS do
    sum = sum
      + redis.call(command, key, unpack(list, from, math.min(from + MOST_ARGUMENTS - 1, last)))
  end
  return sum
end

-- The log of changes that this is, or nil if it can't be read.
function shared.changes(packed)
  local read, log = pcall(cmsgpack.unpack, packed)
  if not read or type(log) ~= 'table' or type(log.since) ~= 'table' or type(log.of) ~= 'table'
    or #log.since > MOST_VERSIONS then
    return nil
  end
  local count = 0
  for name, version in pairs(log.of) do
    count = count + 1
    if type(name) ~= 'string' or type(version) ~= 'number' or count > MOST_CHANGES then
      return nil
    end
  end
  return log, count
end

-- {4, time, accessed} if the node knows this version; else
-- {1, time, created, accessed, interval, principal, version, complete, place, salt, reseal, field,
-- value...}: the whole record, or what changed since the version that the node knows; a removed
-- field's value is nil, one longer than so many bytes (0: any) is but its length. 'reseal' asks for
-- another form; the record is whole then.
function shared.reply(record, session, known, longest, reseal)
  if known == session.version and not reseal then
    return {4, time, session.accessed}
  end
  local answer = {1, time, session.created, session.accessed, session.interval, session.principal,
    session.version, 0, session.place, session.salt, reseal and 1 or 0}
  local before = #answer
  local log = not reseal and known > 0 and known < session.version and shared.changes(redis.call('HGET', record, '~changes'))
  local covered = false
  for i = 1, log and #log.since or 0 do
    covered = covered or log.since[i] == known
  end
  if not covered then
    answer[8] = 1
    local all = redis.call('HGETALL', record)
    for i = 1, #all do
      answer[before + i] = all[i]
    end
    if longest > 0 and not reseal then
      for i = before + 2, #answer, 2 do
        answer[i] = #answer[i] > longest and #answer[i] or answer[i]
      end
    end
    return answer
  end
  local names = {}
  for name, version in pairs(log.of) do
    if version > known then
      names[#names + 1] = name
    end
  end
  local values = #names > 0 and redis.call('HMGET', record, unpack(names)) or {}
  for i = 1, #names do
    local value = values[i]
    answer[#answer + 1] = names[i]
    answer[#answer + 1] = longest > 0 and value and #value > longest and #value or value
  end
  return answer
end

-- What all operations share; the script begins with it. See flight.lua for how they are put together.
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
--                         expires); the version, which grows by one with each commit that changes
--                         anything but the id; how many fields there are since the last commit.
--                         Where it begins with 'v' and a number, it is of a version to come
--   ~changes              MessagePack: in which version each field changed last ('of'), complete
--                         for all versions after 'base'
--   ~principal            the authenticated user, if any
--   ~owner                what the principals' index begins with for this session: a hash of the user's
--                         name, and when (ms) the session became the user's
--   ~holder               the node that trusts its copy: the channel where it hears that it must no
--                         longer, and the number of its hold there; empty or missing for none
--   ~ended                the session has ended; until when (ms) a node is telling listeners so
--   ~salt, ~id            of a sealed record: what its values are bound to, and the session's id,
--                         both sealed; before that, ~salt has a number that is not secret
--   ~resealed             when it was put into another form, if ever

-- Most fields that ~changes remembers; beyond it starts anew, and nodes fetch the whole record.
local MOST_CHANGES = 64
-- Most arguments handed to one redis.call: Lua's stack is limited.
local MOST_ARGUMENTS = 1000
-- By how much (ms) the index may lag behind an access, and the least interval (s) for which it may.
-- Expiry looks at the record itself, and puts right what the index has said too early.
local SLACK, LEAST_INTERVAL_FOR_SLACK = 10000, 300
-- How long a record keeps its form at least (ms): while nodes are restarted one by one with another
-- configuration, they would put it back and forth with each request.
local SETTLED = 600000
-- How many entries of the principals' index are looked at when a record has gone by itself.
local LOOKED_AT = 50
-- For how many minutes it is known what has happened.
local MINUTES_COUNTED = 15
-- Bytes of a salt's number.
local NUMBER_OF_SALT = 8

-- Of the whole script: whether accesses move the deadline, by how much (ms) a record outlives it, the
-- most bytes of a value that comes with an open (0: any), how old (ms) a session gets at most (0: any
-- age), and the time (ms).
local sliding, grace, longest = ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
local max_age = tonumber(ARGV[5])

local clock = redis.call('TIME')
local time = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Of the operation that is under way: its keys, the first of them, and its arguments.
local KEYS, index, ARGV = KEYS, nil, ARGV

-- How much was met that is not as these scripts leave it, and was put right or passed over.
local healed = 0

local function heal(count)
  healed = healed + (count or 1)
end

-- Records that are not ours to change: of a version to come, or no records at all.
local LATER, FOREIGN = 'later', 'foreign'
local others = {}

-- Whether a command failed because of what is under its key; throws what else went wrong.
local function is_of_another_type(answer)
  if type(answer) ~= 'table' or not answer.err then
    return false
  end
  if not string.find(answer.err, 'WRONGTYPE', 1, true) then
    error(answer.err)
  end
  return true
end

-- A number that Redis and nodes can go on with, or nil.
local function number(text, most_digits)
  return text and #text <= (most_digits or 15) and string.match(text, '^%-?%d+$')
    and tonumber(text) or nil
end

-- A record's metadata, or nil if there is no record, or one without the metadata it needs.
local function metadata(record)
  others[record] = nil
  local field = redis.pcall('HMGET', record, '~created', '~accessed', '~state', '~principal',
    '~ended', '~holder', '~salt', '~resealed')
  if is_of_another_type(field) then
    others[record] = FOREIGN
    return nil
  end
  local created, accessed = number(field[1]), number(field[2])
  local interval, version, fields = string.match(field[3] or '', '^(%S+) (%S+) (%S+)$')
  interval, version, fields = number(interval, 11), number(version), number(fields)
  if not (created and accessed and interval and version and fields) then
    others[record] = string.find(field[3] or '', '^v%d') and LATER or nil
    return nil
  end
  return {
    created = created,
    accessed = accessed,
    interval = interval,
    version = version,
    fields = fields,
    principal = field[4],
    ended = field[5] and (number(field[5]) or 0),
    holder = field[6] or '',
    salt = field[7],
    resealed = number(field[8]),
  }
end

local function state(session)
  return string.format('%d %d %d', session.interval, session.version, session.fields)
end

-- The session's metadata and its record, the first that there is of so many; nil if there is none.
local function find(forms)
  for place = 1, forms do
    local record = KEYS[1 + place]
    local session = metadata(record)
    if session then
      session.place = place
      return session, record
    end
  end
  return nil
end

-- What to answer of a session that is not alive, or not here: {2, time, forward, its place} if it
-- was rotated, else {0, time}.
local function gone(session, forms)
  for place = 1, session and 0 or forms do
    local forward = redis.pcall('GET', KEYS[1 + forms + place])
    if is_of_another_type(forward) then
      heal()
    elseif forward then
      return {2, time, forward, place}
    end
  end
  return {0, time}
end

local function deadline(session)
  local due = max_age > 0 and session.created + max_age or math.huge
  if session.interval <= 0 then
    return due
  end
  return math.min(due,
    (sliding and session.accessed or session.created) + session.interval * 1000)
end

local function is_live(session)
  return session and not session.ended and deadline(session) > time
end

-- By what the index knows a record: the end of its key.
local function name_of(record)
  return string.match(record, '}:session:(.*)$')
end

-- Makes way under a key; what is there may be somebody's, so it stays, under another name.
local function put_aside(key)
  local name = key .. ':aside:' .. time
  while redis.call('EXISTS', name) == 1 do
    name = name .. '+'
  end
  redis.call('RENAME', key, name)
  heal()
end

-- Calls a command on a sorted set of ours.
local function on_set(key, command, ...)
  local answer = redis.pcall(command, key, ...)
  if not is_of_another_type(answer) then
    return answer
  end
  put_aside(key)
  return redis.call(command, key, ...)
end

local function on_index(command, ...)
  return on_set(index, command, ...)
end

-- Writes the deadline where expiry looks for it, and lets the record outlive it by the grace. Answers
-- how many entries that has added.
local function index_deadline(record, due)
  if due == math.huge then
    redis.call('PERSIST', record)
    return on_index('ZADD', '+inf', name_of(record))
  end
  redis.call('PEXPIREAT', record, due + grace)
  return on_index('ZADD', due, name_of(record))
end

-- Writes a field, unless Redis is at maxmemory and refuses; tells whether it did. Reading and ending
-- sessions has to work then too.
local function write_if_room(record, field, value)
  local done = redis.pcall('HSET', record, field, value)
  if type(done) == 'table' and done.err then
    if not string.find(done.err, 'OOM', 1, true) then
      error(done.err)
    end
    return false
  end
  return true
end

local function access(record, session)
  local before = session.accessed
  session.accessed = math.max(before, time)
  local written = write_if_room(record, '~accessed', session.accessed)
  if not written or not sliding or session.interval <= 0 then
    return
  end
  if session.interval < LEAST_INTERVAL_FOR_SLACK
    or math.floor(before / SLACK) ~= math.floor(session.accessed / SLACK) then
    heal(index_deadline(record, deadline(session)))
  end
end

-- Fields that came or went without a commit make a version of their own, so that no node goes on
-- with what it knew.
local function notice_damage(record, session)
  local fields = redis.call('HLEN', record)
  if fields == session.fields then
    return
  end
  heal()
  session.version = session.version + 1
  session.fields = fields - redis.call('HDEL', record, '~changes')
  write_if_room(record, '~state', state(session))
end

-- Tells the node that holds a session that its copy will be out of date; not the holder itself.
local function tell_holder(session, by)
  local channel, number = string.match(session.holder, '^(%S+) (%d+)$')
  if channel and session.holder ~= by then
    redis.call('PUBLISH', channel, number)
  end
end

-- A key of the shard, which lies in the slot of its index.
local function of_shard(name)
  return string.sub(index, 1, -#'deadlines' - 1) .. name
end

-- Calls a command on the shard's sorted set of '<~owner> <name of the record>', all of one score:
-- whose sessions are where.
local function on_principals(command, ...)
  return on_set(of_shard('principals'), command, ...)
end

-- Counts what happens to the shard's sessions, in a hash of '<minute> <what>', for some minutes.
-- Nothing else may fail for it.
local function count(what)
  local key, minute = of_shard('events'), math.floor(time / 60000)
  if redis.pcall('HINCRBY', key, minute .. ' ' .. what, 1) ~= 1 then
    return
  end
  -- The first of its kind in this minute makes room.
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if (tonumber(string.match(field, '^%d+')) or 0) < minute - MINUTES_COUNTED then
      redis.call('HDEL', key, field)
    end
  end
  redis.call('PEXPIREAT', key, time + (MINUTES_COUNTED + 1) * 60000)
end

-- The session is this user's from now on.
local function own(record, owner)
  on_principals('ZADD', 0, owner .. ' ' .. name_of(record))
end

-- The session is nobody's from now on; answers what ~owner was, if there was one.
local function disown(record)
  local owner = redis.call('HGET', record, '~owner')
  if owner then
    on_principals('ZREM', owner .. ' ' .. name_of(record))
  end
  return owner
end

-- True if the session is the user's whose entry of the index this is; '' for anybody's.
local function belongs_to(record, entry)
  if entry == '' then
    return true
  end
  local owner = redis.call('HGET', record, '~owner')
  return owner and string.match(owner, '^%S+') == string.match(entry, '^%S+')
end

-- What the index of principals says of a record that is not there is taken out of it.
local function forget(entry)
  if entry ~= '' then
    heal(on_principals('ZREM', entry))
  end
end

-- A record that Redis or somebody else has deleted leaves its entry among the principals, and nobody
-- knows which: some are looked at whenever that is noticed, so that few are left.
local function heal_principals()
  for _, entry in ipairs(on_principals('ZRANDMEMBER', LOOKED_AT)) do
    local name = string.match(entry, '%S+$')
    if not name or redis.call('EXISTS', of_shard('session:') .. name) == 0 then
      heal(on_principals('ZREM', entry))
    end
  end
end

local function remove(record)
  disown(record)
  redis.call('DEL', record)
  on_index('ZREM', name_of(record))
end

-- Removes what is left where there is no session: attributes without their metadata are nobody's, nor
-- is what the index says of them.
local function remove_remains(record)
  if others[record] == LATER then
    return
  end
  if others[record] then
    heal()
  else
    disown(record)
    heal(redis.call('DEL', record))
  end
  heal(on_index('ZREM', name_of(record)))
end

-- Lets expiry find a session whose time is up, in case that the index has lost it.
local function index_overdue(record, session)
  local added = redis.pcall('ZADD', index, 'NX', session.ended or deadline(session), name_of(record))
  heal(type(added) == 'number' and added or 0)
end

-- Reads what others may have changed since: for a server that was the master once and is a replica now
-- this is an error, as each command that might write.
local function refuse_on_replica(record)
  redis.call('HDEL', record, '~')
end

-- Calls a command on a key with the arguments first..last of a list, a part at a time. Parts are of
-- even length, so that pairs of field and value stay together. Returns the sum of what it answers.
local function call_in_parts(command, key, list, first, last)
  local sum = 0
  for from = first, last, MOST_ARGUMENTS do
    sum = sum
      + redis.call(command, key, unpack(list, from, math.min(from + MOST_ARGUMENTS - 1, last)))
  end
  return sum
end

local function is_log(log)
  if type(log) ~= 'table' or type(log.base) ~= 'number' or type(log.of) ~= 'table' then
    return false
  end
  local count = 0
  for name, version in pairs(log.of) do
    count = count + 1
    if type(name) ~= 'string' or type(version) ~= 'number' or count > MOST_CHANGES then
      return false
    end
  end
  return true
end

-- The log of changes, or nil if there is none, or none that can be read; and whether there is one.
local function changes(record)
  local packed = redis.call('HGET', record, '~changes')
  local read, log = pcall(cmsgpack.unpack, packed)
  return packed and read and is_log(log) and log or nil, packed
end

-- {4, time, accessed} if the node knows this version; else
-- {1, time, created, accessed, interval, principal, version, complete, place, salt, reseal, field,
-- value...}: the whole record, or what changed since the version that the node knows; a removed
-- field's value is nil, one longer than so many bytes (0: any) is but its length. 'reseal' asks for
-- another form; the record is whole then.
local function reply(record, session, known, longest, reseal)
  if known == session.version and not reseal then
    return {4, time, session.accessed}
  end
  local answer = {1, time, session.created, session.accessed, session.interval, session.principal,
    session.version, 0, session.place, session.salt, reseal and 1 or 0}
  local before = #answer
  local log = not reseal and known > 0 and known < session.version and changes(record)
  if not log or log.base > known then
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


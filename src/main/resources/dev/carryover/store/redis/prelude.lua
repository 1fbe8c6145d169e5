-- What all scripts share; put in front of each of them.
--
-- A record is a hash: a field an attribute, and these fields of metadata. An attribute whose name
-- starts with '~' is stored with one more '~', so the two never meet.
--   ~created, ~accessed   milliseconds since the epoch, of this server's clock
--   ~interval             seconds of inactivity allowed; 0 or less: never expires
--   ~version              grows by one with each commit that changes attributes
--   ~changes              MessagePack: in which version each field changed last ('of'), complete
--                         for all versions after 'base'
--   ~fields               how many fields there are, itself included, since the last commit
--   ~principal            the authenticated user, if any
--   ~holder               the node that trusts its copy: the channel where it hears that it must no
--                         longer, and the number of its hold there; empty or missing for none
--   ~ended                the session has ended; until when (ms) a node is telling listeners so

-- Most fields that ~changes remembers; beyond it starts anew, and nodes fetch the whole record.
local MOST_CHANGES = 64
-- Most arguments handed to one redis.call: Lua's stack is limited.
local MOST_ARGUMENTS = 1000
-- By how much (ms) the index may lag behind an access, and the least interval (s) for which it may.
-- Expiry looks at the record itself, and puts right what the index has said too early.
local SLACK, LEAST_INTERVAL_FOR_SLACK = 10000, 300

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A record's metadata, or nil if there is no record, or one without the metadata it needs.
local function metadata(record)
  local field = redis.call('HMGET', record, '~created', '~accessed', '~interval', '~version',
    '~principal', '~ended', '~fields', '~holder')
  local session = {
    created = tonumber(field[1] or nil),
    accessed = tonumber(field[2] or nil),
    interval = tonumber(field[3] or nil),
    version = tonumber(field[4] or nil),
    principal = field[5],
    ended = tonumber(field[6] or nil),
    fields = tonumber(field[7] or nil),
    holder = field[8] or '',
  }
  if session.created and session.accessed and session.interval and session.version then
    return session
  end
  return nil
end

local function deadline(session, sliding)
  if session.interval <= 0 then
    return math.huge
  end
  return (sliding and session.accessed or session.created) + session.interval * 1000
end

local function is_live(session, sliding, time)
  return session and not session.ended and deadline(session, sliding) > time
end

-- Writes the deadline where expiry looks for it, and lets the record outlive it by the grace.
local function index_deadline(record, index, id, due, grace)
  if due == math.huge then
    redis.call('PERSIST', record)
    redis.call('ZADD', index, '+inf', id)
  else
    redis.call('PEXPIREAT', record, due + grace)
    redis.call('ZADD', index, due, id)
  end
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

local function access(record, index, id, session, sliding, time, grace)
  local before = session.accessed
  session.accessed = math.max(before, time)
  local written = write_if_room(record, '~accessed', session.accessed)
  if not written or not sliding or session.interval <= 0 then
    return
  end
  if session.interval < LEAST_INTERVAL_FOR_SLACK
    or math.floor(before / SLACK) ~= math.floor(session.accessed / SLACK) then
    index_deadline(record, index, id, deadline(session, sliding), grace)
  end
end

-- Fields that came or went without a commit make a version of their own, so that no node goes on
-- with what it knew.
local function notice_damage(record, session)
  if redis.call('HLEN', record) == session.fields then
    return
  end
  session.version = session.version + 1
  redis.call('HDEL', record, '~changes')
  if write_if_room(record, '~version', session.version) and write_if_room(record, '~fields', 0) then
    redis.call('HSET', record, '~fields', redis.call('HLEN', record))
  end
end

-- Tells the node that holds a session that its copy will be out of date; not the holder itself.
local function tell_holder(session, by)
  local channel, number = string.match(session.holder, '^(%S+) (%d+)$')
  if channel and session.holder ~= by then
    redis.call('PUBLISH', channel, number)
  end
end

local function remove(record, index, id)
  redis.call('DEL', record)
  redis.call('ZREM', index, id)
end

-- Calls a command on a key with the arguments first..last of a list, a part at a time. Parts are of
-- even length, so that pairs of field and value stay together.
local function call_in_parts(command, key, list, first, last)
  for from = first, last, MOST_ARGUMENTS do
    redis.call(command, key, unpack(list, from, math.min(from + MOST_ARGUMENTS - 1, last)))
  end
end

-- The log of changes, or nil if there is none, or none that can be read.
local function changes(record)
  local packed = redis.call('HGET', record, '~changes')
  local read, log = pcall(cmsgpack.unpack, packed)
  if packed and read and type(log) == 'table' and type(log.base) == 'number'
    and type(log.of) == 'table' then
    return log
  end
  return nil
end

-- {1, time, created, accessed, interval, principal, version, complete, field, value...}: the whole
-- record, or what changed since the version that the node knows; a removed field's value is nil.
local function reply(record, session, time, known)
  local answer = {1, time, session.created, session.accessed, session.interval, session.principal,
    session.version, 0}
  if known == session.version then
    return answer
  end
  local log = known > 0 and known < session.version and changes(record)
  if not log or log.base > known then
    answer[8] = 1
    local all = redis.call('HGETALL', record)
    for i = 1, #all do
      answer[8 + i] = all[i]
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
    answer[#answer + 1] = names[i]
    answer[#answer + 1] = values[i]
  end
  return answer
end


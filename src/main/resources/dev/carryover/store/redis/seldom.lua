-- What of that which operations share is seldom needed; see prelude.lua. Made when it is first asked for.

-- How many entries of the principals' index are looked at when a record has gone by itself.
local LOOKED_AT = 50
-- For how many minutes it is known what has happened.
local MINUTES_COUNTED = 15

-- A number that Redis and nodes can go on with, or nil.
function shared.number(text)
  return #text <= 15 and string.match(text, '^%-?%d+$') and tonumber(text) or nil
end

function shared.heal(count)
  healed = healed + (count or 1)
end

-- Tells the node that holds a session that its copy will be out of date; not the holder itself.
function shared.tell_holder(session, by)
  local channel, number = string.match(session.holder, '^(%S+) (%d+)$')
  if channel and session.holder ~= by then
    redis.call('PUBLISH', channel, number)
  end
end

-- Whether a command failed because of what is under its key; throws what else went wrong.
function shared.is_of_another_type(answer)
  if type(answer) ~= 'table' or not answer.err then
    return false
  end
  if not string.find(answer.err, 'WRONGTYPE', 1, true) then
    error(answer.err)
  end
  return true
end

-- What to answer of a session that is not alive, or not here: {2, time, forward, its place} if it
-- was rotated, else {0, time}.
function shared.gone(session, forms)
  for place = 1, session and 0 or forms do
    local forward = redis.pcall('GET', KEYS[1 + forms + place])
    if shared.is_of_another_type(forward) then
      shared.heal()
    elseif forward then
      return {2, time, forward, place}
    end
  end
  return {0, time}
end

-- By what the index knows a record: the end of its key.
function shared.name_of(record)
  return string.match(record, '}:session:(.*)$')
end

-- Makes way under a key; what is there may be somebody's, so it stays, under another name.
function shared.put_aside(key)
  local name = key .. ':aside:' .. time
  while redis.call('EXISTS', name) == 1 do
    name = name .. '+'
  end
  redis.call('RENAME', key, name)
  shared.heal()
end

-- Calls a command on a sorted set of ours.
function shared.on_set(key, command, ...)
  local answer = redis.pcall(command, key, ...)
  if not shared.is_of_another_type(answer) then
    return answer
  end
  shared.put_aside(key)
  return redis.call(command, key, ...)
end

function shared.on_index(command, ...)
  return shared.on_set(index, command, ...)
end

-- Writes the deadline where expiry looks for it, and lets the record outlive it by the grace. Answers
-- how many entries that has added.
function shared.index_deadline(record, due)
  if due == math.huge then
    redis.call('PERSIST', record)
    return shared.on_index('ZADD', '+inf', shared.name_of(record))
  end
  redis.call('PEXPIREAT', record, string.format('%.0f', due + grace))
  return shared.on_index('ZADD', string.format('%.0f', due), shared.name_of(record))
end

-- A key of the shard, which lies in the slot of its index.
function shared.of_shard(name)
  return string.sub(index, 1, -#'deadlines' - 1) .. name
end

-- Calls a command on the shard's sorted set of '<~owner> <name of the record>', all of one score:
-- whose sessions are where.
function shared.on_principals(command, ...)
  return shared.on_set(shared.of_shard('principals'), command, ...)
end

-- Counts what happens to the shard's sessions, in a hash of '<minute> <what>', for some minutes.
-- Nothing else may fail for it.
function shared.count(what)
  local key, minute = shared.of_shard('events'), math.floor(time / 60000)
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
function shared.own(record, owner)
  shared.on_principals('ZADD', 0, owner .. ' ' .. shared.name_of(record))
end

-- The session is nobody's from now on; answers what ~owner was, if there was one.
function shared.disown(record)
  local owner = redis.call('HGET', record, '~owner')
  if owner then
    shared.on_principals('ZREM', owner .. ' ' .. shared.name_of(record))
  end
  return owner
end

-- True if the session is the user's whose entry of the index this is; '' for anybody's.
function shared.belongs_to(record, entry)
  if entry == '' then
    return true
  end
  local owner = redis.call('HGET', record, '~owner')
  return owner and string.match(owner, '^%S+') == string.match(entry, '^%S+')
end

-- What the index of principals says of a record that is not there is taken out of it.
function shared.forget(entry)
  if entry ~= '' then
    shared.heal(shared.on_principals('ZREM', entry))
  end
end

-- A record that Redis or somebody else has deleted leaves its entry among the principals, and nobody
-- knows which: some are looked at whenever that is noticed, so that few are left.
function shared.heal_principals()
  for _, entry in ipairs(shared.on_principals('ZRANDMEMBER', LOOKED_AT)) do
    local name = string.match(entry, '%S+$')
    if not name or redis.call('EXISTS', shared.of_shard('session:') .. name) == 0 then
      shared.heal(shared.on_principals('ZREM', entry))
    end
  end
end

function shared.remove(record)
  shared.disown(record)
  redis.call('DEL', record)
  shared.on_index('ZREM', shared.name_of(record))
end

-- Removes what is left where there is no session: attributes without their metadata are nobody's, nor
-- is what the index says of them.
function shared.remove_remains(record)
  if others[record] == LATER then
    return
  end
  if others[record] then
    shared.heal()
  else
    shared.disown(record)
    shared.heal(redis.call('DEL', record))
  end
  shared.heal(shared.on_index('ZREM', shared.name_of(record)))
end

-- Lets expiry find a session whose time is up, in case that the index has lost it.
function shared.index_overdue(record, session)
  local added = redis.pcall('ZADD', index, 'NX', session.ended or shared.deadline(session), shared.name_of(record))
  shared.heal(type(added) == 'number' and added or 0)
end

-- Reads what others may have changed since: for a server that was the master once and is a replica now
-- this is an error, as each command that might write.
function shared.refuse_on_replica(record)
  redis.call('HDEL', record, '~')
end

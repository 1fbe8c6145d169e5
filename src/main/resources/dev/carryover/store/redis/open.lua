-- Opens sessions for as many requests: is it there and in time, then slide its deadline and answer
-- what the node lacks. What goes wrong with one does not concern the others.
-- KEYS: deadline index, records, of each session
-- ARGV: number of forms, sliding (1/0), grace in ms, the most bytes of a value; then of each session: version the node knows
--       (0: none), who holds it from now on ('': nobody)
-- Answers for each {0, time} if there is no such session, {-1, time, what} if it failed, else see
--         reply().
local forms, sliding, grace = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3])
local longest = tonumber(ARGV[4])
local time = now()

local function open(first, known, holder)
  index = KEYS[first - 1]
  local session, record = find(forms, first)
  if not session then
    -- Attributes without their metadata are nobody's session.
    for i = first, first + forms - 1 do
      remove(KEYS[i])
    end
    return {0, time}
  end
  if not is_live(session, sliding, time) then
    return {0, time}
  end
  notice_damage(record, session)
  if session.holder ~= holder then
    tell_holder(session, holder)
    if write_if_room(record, '~holder', holder) then
      redis.call('HSET', record, '~fields', redis.call('HLEN', record))
    end
  end
  local settled = session.place == 1
    or time - math.max(session.created, session.resealed or 0) < SETTLED
  local answer = reply(record, session, time, known, longest, not settled)
  access(record, session, sliding, time, grace)
  return answer
end

local answers = {}
for i = 1, #KEYS / (1 + forms) do
  local done, answer = pcall(open, (i - 1) * (1 + forms) + 2, tonumber(ARGV[3 + 2 * i]),
    ARGV[4 + 2 * i])
  answers[i] = done and answer
    or {-1, time, type(answer) == 'table' and answer.err or tostring(answer)}
end
return answers

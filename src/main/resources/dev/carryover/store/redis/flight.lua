-- Carries out what several requests want, in the order in which they came. What goes wrong with one
-- does not concern the others.
-- KEYS: those of each
-- ARGV: for each six bytes (number of its operation, of its keys, and in four bytes of its arguments);
--       what prelude.lua has of the whole script; the arguments of each
-- Answers a list of their answers; {-1, time, what} for one that failed. Then, if something was healed,
--         {5, time, how much}.
local FIRST_ARGUMENT, BYTES_OF_EACH = 5, 6

local function slice(list, first, count)
  local part = {}
  for i = 1, count do
    part[i] = list[first + i - 1]
  end
  return part
end

local all_keys, all_arguments, answers = KEYS, ARGV, {}
local key, argument = 1, FIRST_ARGUMENT
for i = 1, #all_arguments[1] / BYTES_OF_EACH do
  local operation, keys, arguments =
    struct.unpack('>BBI4', all_arguments[1], (i - 1) * BYTES_OF_EACH + 1)
  KEYS, ARGV = slice(all_keys, key, keys), slice(all_arguments, argument, arguments)
  index = KEYS[1]
  key, argument = key + keys, argument + arguments
  local done, answer = pcall(operations[operation])
  if not done then
    local what = type(answer) == 'table' and answer.err or tostring(answer)
    if string.find(what, 'READONLY', 1, true) then
      -- Not a master any more: clients know what to do then.
      return redis.error_reply("READONLY You can't write against a read only replica.")
    end
    answer = {-1, time, what}
  end
  answers[i] = answer
end
if healed > 0 then
  answers[#answers + 1] = {5, time, healed}
end
return answers

-- Carries out what several requests want, in the order in which they came. What goes wrong with one
-- does not concern the others.
-- KEYS: those of each
-- ARGV: for each six bytes (number of its operation, of its keys, and in four bytes of its arguments);
--       what prelude.lua has of the whole script; the arguments of each
-- Answers a list of their answers; {-1, time, what} for one that failed. Then, if something was healed,
--         {5, time, how much}.
local FIRST_ARGUMENT, BYTES_OF_EACH = 6, 6

local all_keys, all_arguments, answers, operations = KEYS, ARGV, {}, {}
local each, key, argument = ARGV[1], 0, FIRST_ARGUMENT - 1
for i = 1, #each / BYTES_OF_EACH do
  local number, keys, b1, b2, b3, b4 =
    string.byte(each, (i - 1) * BYTES_OF_EACH + 1, i * BYTES_OF_EACH)
  local arguments = ((b1 * 256 + b2) * 256 + b3) * 256 + b4
  KEYS, ARGV = {}, {}
  for k = 1, keys do
    KEYS[k] = all_keys[key + k]
  end
  for k = 1, arguments do
    ARGV[k] = all_arguments[argument + k]
  end
  index = KEYS[1]
  key, argument = key + keys, argument + arguments
  operations[number] = operations[number] or operation(number)
  local done, answer = pcall(operations[number])
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

-- Walks through the names of a shard's sessions. Each that is there from the first call to the last
-- is answered, some perhaps twice.
-- KEYS: deadline index
-- ARGV: where the walk has come to (0: nowhere yet), about how many names are wanted
-- Answers {1, time, where to go on (0: done), name...}.
local page = shared.on_index('ZSCAN', ARGV[1], 'COUNT', ARGV[2])
local answer = {1, time, page[1]}
for i = 1, #page[2], 2 do
  answer[#answer + 1] = page[2][i]
end
return answer

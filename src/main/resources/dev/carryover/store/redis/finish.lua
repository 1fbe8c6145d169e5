-- Removes an ended session once its listeners have been told.
-- KEYS: deadline index, records
-- Answers {1, time}.
for i = 2, #KEYS do
  remove(KEYS[i])
end
return {1, time}

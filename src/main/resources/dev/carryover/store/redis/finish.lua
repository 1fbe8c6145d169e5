-- Removes an ended session once its listeners have been told.
-- KEYS: deadline index, records
-- Answers {1, time}.
for i = 2, #KEYS do
  if metadata(KEYS[i]) then
    remove(KEYS[i])
  else
    remove_remains(KEYS[i])
  end
end
return {1, time}

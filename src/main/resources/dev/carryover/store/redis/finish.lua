-- Removes an ended session once its listeners have been told.
-- KEYS: deadline index, records
-- Answers {1, time}.
for i = 2, #KEYS do
  if shared.metadata(KEYS[i]) then
    shared.remove(KEYS[i])
  else
    shared.remove_remains(KEYS[i])
  end
end
return {1, time}

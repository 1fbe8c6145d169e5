-- Asks whether anybody is there, and what time it is.
-- KEYS: any key of the namespace, for the way
-- Answers {1, time}.
return {1, now()}

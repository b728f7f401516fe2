-- setting_get(text name): rows
SELECT value FROM setting WHERE name = $1;

-- setting_put(text name, text value): exec
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- setting_delete(text name): exec
DELETE FROM setting WHERE name = $1;

-- counter_add(text name, int by): rows
INSERT INTO counter (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value
RETURNING value;

-- counter_get(text name): rows
SELECT value FROM counter WHERE name = $1;

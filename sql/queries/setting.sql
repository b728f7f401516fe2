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

-- database_size: rows
SELECT CAST(c.page_count * s.page_size AS BIGINT) FROM pragma_page_count() c, pragma_page_size() s;

-- database_size [postgres]
SELECT pg_database_size(current_database());

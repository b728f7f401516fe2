-- pack_add(text id, int version, text name, text origin, text yaml, text note, text author_id, text author_name, int created_at?): exec
INSERT INTO pack (id, version, name, origin, yaml, note, author_id, author_name, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id, version) DO NOTHING;

-- pack_get(text id, int version): rows
SELECT * FROM pack WHERE id = $1 AND version = $2;

-- pack_newest(text id): rows
SELECT * FROM pack WHERE id = $1 ORDER BY version DESC LIMIT 1;

-- pack_list: rows
SELECT * FROM pack p WHERE version = (SELECT MAX(version) FROM pack q WHERE q.id = p.id)
ORDER BY id COLLATE "C" LIMIT 100;

-- pack_versions(text id): rows
SELECT * FROM pack WHERE id = $1 ORDER BY version DESC LIMIT 500;

-- pack_open_incidents(text after_id, int limit): rows
SELECT * FROM incident WHERE is_open = 1 AND id > $1 ORDER BY id LIMIT $2;

-- pack_route_severity(text id, text severity): exec
UPDATE route SET severity = $2 WHERE id = $1;

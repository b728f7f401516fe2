-- service_put(text id, text name, text description, text policy_id?, text group_by, int group_wait, text default_severity?, int created_at, int updated_at, int version): exec
INSERT INTO service (id, name, description, policy_id, group_by, group_wait, default_severity, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
    policy_id = excluded.policy_id, group_by = excluded.group_by, group_wait = excluded.group_wait,
    default_severity = excluded.default_severity, updated_at = excluded.updated_at, version = excluded.version
WHERE service.version = excluded.version - 1;

-- service_get(text id): rows
SELECT * FROM service WHERE id = $1;

-- service_by_name(text name): rows
SELECT * FROM service WHERE name = $1;

-- service_list(text after_name, int limit): rows
SELECT * FROM service WHERE name COLLATE "C" > $1 ORDER BY name COLLATE "C" LIMIT $2;

-- service_of_policy(text policy_id): rows
SELECT * FROM service WHERE policy_id = $1 ORDER BY name COLLATE "C" LIMIT 200;

-- service_open_incidents(text service_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM incident WHERE is_open = 1 AND service_id = $1;

-- key_insert(text id, text service_id, text name, text hint, text hash, int created_at): exec
INSERT INTO integration_key (id, service_id, name, hint, hash, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- key_by_hash(text hash): rows
SELECT * FROM integration_key WHERE hash = $1;

-- key_get(text id): rows
SELECT * FROM integration_key WHERE id = $1;

-- key_list(text service_id): rows
SELECT * FROM integration_key WHERE service_id = $1 ORDER BY created_at, id LIMIT 200;

-- key_all: rows
SELECT * FROM integration_key ORDER BY id LIMIT 10000;

-- key_delete(text id): exec
DELETE FROM integration_key WHERE id = $1;

-- route_insert(text id, int position, text matchers, text service_id, text severity?, int created_at): exec
INSERT INTO route (id, position, matchers, service_id, severity, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- route_get(text id): rows
SELECT * FROM route WHERE id = $1;

-- route_all: rows
SELECT * FROM route ORDER BY position, id LIMIT 5000;

-- route_of_service(text service_id): rows
SELECT * FROM route WHERE service_id = $1 ORDER BY position, id LIMIT 500;

-- route_delete(text id): exec
DELETE FROM route WHERE id = $1;

-- endpoint_insert(text id, text name, text url, text secret, int created_at): exec
INSERT INTO endpoint (id, name, url, secret, created_at) VALUES ($1, $2, $3, $4, $5);

-- endpoint_get(text id): rows
SELECT * FROM endpoint WHERE id = $1;

-- endpoint_list: rows
SELECT * FROM endpoint ORDER BY name COLLATE "C" LIMIT 500;

-- endpoint_delete(text id): exec
DELETE FROM endpoint WHERE id = $1;

-- policy_put(text id, text name, text description, int repeat, text steps, int created_at, int updated_at, int version): exec
INSERT INTO policy (id, name, description, repeat, steps, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, repeat = excluded.repeat,
    steps = excluded.steps, updated_at = excluded.updated_at, version = excluded.version
WHERE policy.version = excluded.version - 1;

-- policy_get(text id): rows
SELECT * FROM policy WHERE id = $1;

-- policy_list(text after_name, int limit): rows
SELECT * FROM policy WHERE name COLLATE "C" > $1 ORDER BY name COLLATE "C" LIMIT $2;

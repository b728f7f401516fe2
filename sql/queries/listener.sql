-- listener_insert(text id, text audience, text service_id?, text user_id?, text endpoint_id?, text name, text address, text created_by, int created_at): exec
INSERT INTO listener (id, audience, service_id, user_id, endpoint_id, name, address, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- listener_get(text id): rows
SELECT * FROM listener WHERE id = $1;

-- listener_delete(text id): exec
DELETE FROM listener WHERE id = $1;

-- listener_all: rows
SELECT * FROM listener ORDER BY audience COLLATE "C", name COLLATE "C", id LIMIT 5000;

-- listener_of_incident(text audience, text incident_id): rows
SELECT s.* FROM listener s WHERE s.audience = $1 AND (s.service_id IS NULL OR EXISTS
    (SELECT 1 FROM incident_service x WHERE x.incident_id = $2 AND x.service_id = s.service_id))
ORDER BY s.name COLLATE "C", s.id LIMIT 2000;

-- listener_counts(text incident_id): rows
SELECT s.audience, CAST(COUNT(*) AS BIGINT) AS n FROM listener s WHERE s.service_id IS NULL OR EXISTS
    (SELECT 1 FROM incident_service x WHERE x.incident_id = $1 AND x.service_id = s.service_id)
GROUP BY s.audience;

-- listener_of_endpoint_delete(text endpoint_id): exec
DELETE FROM listener WHERE endpoint_id = $1;

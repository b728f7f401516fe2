-- probe_add(text id, text service_id, text name, text kind, text target, int status, text contains?, int latency, int days, text state, text detail?, int checked_at?, int created_at): exec
INSERT INTO probe (id, service_id, name, kind, target, status, contains, latency, days, state, detail, checked_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- probe_seen(text id, text state, text detail, int checked_at): exec
UPDATE probe SET state = $2, detail = $3, checked_at = $4 WHERE id = $1;

-- probe_delete(text id): exec
DELETE FROM probe WHERE id = $1;

-- probe_get(text id): rows
SELECT * FROM probe WHERE id = $1;

-- probe_of_service(text service_id): rows
SELECT * FROM probe WHERE service_id = $1 ORDER BY created_at, id LIMIT 20;

-- probe_of_incident(text incident_id): rows
SELECT p.* FROM probe p JOIN incident_service x ON x.service_id = p.service_id
WHERE x.incident_id = $1 ORDER BY p.created_at, p.id LIMIT 100;

-- brief_add(text incident_id, int version, int iteration, text file, text body, text changes, int created_at, text created_by): exec
INSERT INTO brief (incident_id, version, iteration, file, body, changes, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- brief_get(text incident_id, int version): rows
SELECT * FROM brief WHERE incident_id = $1 AND version = $2;

-- brief_latest(text incident_id): rows
SELECT * FROM brief WHERE incident_id = $1 ORDER BY version DESC LIMIT 1;

-- brief_list(text incident_id): rows
SELECT incident_id, version, iteration, file, changes, created_at, created_by FROM brief
WHERE incident_id = $1 ORDER BY version DESC LIMIT 200;

-- brief_events(text incident_id, text kind): rows
SELECT * FROM event WHERE subject = $1 AND kind = $2 ORDER BY number DESC LIMIT 10;

-- promise_put(text id, text incident_id, text audience, int external, text severity, text kind, int since, int due_at, int nag_at, int stage, text state, text update_id?, int settled_at?, int created_at): exec
INSERT INTO promise (id, incident_id, audience, external, severity, kind, since, due_at, nag_at, stage, state, update_id,
    settled_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, state = excluded.state, update_id = excluded.update_id,
    settled_at = excluded.settled_at;

-- promise_running(text incident_id): rows
SELECT * FROM promise WHERE incident_id = $1 AND settled_at IS NULL ORDER BY due_at, audience COLLATE "C";

-- promise_of_incident(text incident_id): rows
SELECT * FROM promise WHERE incident_id = $1 ORDER BY created_at, audience COLLATE "C", id LIMIT 1000;

-- promise_of_update(text incident_id, text update_id): rows
SELECT * FROM promise WHERE incident_id = $1 AND update_id = $2;

-- promise_between(int from_us, int to_us, int limit): rows
SELECT * FROM promise WHERE created_at >= $1 AND created_at < $2 ORDER BY created_at, id LIMIT $3;

-- clock_put(text incident_id, text clock, text name, int aware_at, int after_us, int due_at, text state, text reason, text ended_by?, text ended_name?, int ended_at?): exec
INSERT INTO legal_clock (incident_id, clock, name, aware_at, after_us, due_at, state, reason, ended_by, ended_name, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (incident_id, clock) DO UPDATE SET aware_at = excluded.aware_at, due_at = excluded.due_at,
    state = excluded.state, reason = excluded.reason, ended_by = excluded.ended_by, ended_name = excluded.ended_name,
    ended_at = excluded.ended_at;

-- clock_get(text incident_id, text clock): rows
SELECT * FROM legal_clock WHERE incident_id = $1 AND clock = $2;

-- clock_of_incident(text incident_id): rows
SELECT * FROM legal_clock WHERE incident_id = $1 ORDER BY due_at, clock LIMIT 100;

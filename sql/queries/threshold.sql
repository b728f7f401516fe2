-- threshold_put(text id, text incident_id, text runbook_id?, text text, text action, int within, int due_at?, text state, text author_name, int created_at, int ended_at?): exec
INSERT INTO threshold (id, incident_id, runbook_id, text, action, within, due_at, state, author_name, created_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, state = excluded.state, ended_at = excluded.ended_at;

-- threshold_get(text id): rows
SELECT * FROM threshold WHERE id = $1;

-- threshold_list(text incident_id): rows
SELECT * FROM threshold WHERE incident_id = $1
ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, created_at, id LIMIT 100;

-- threshold_count(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM threshold WHERE incident_id = $1;

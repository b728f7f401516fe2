-- task_add(text id, text incident_id, text list, text list_name, int position, text text, text command?, text expected?, text role?, text state, text note?, text done_by?, text done_name?, int done_at?, int created_at): exec
INSERT INTO task (id, incident_id, list, list_name, position, text, command, expected, role, state, note, done_by,
    done_name, done_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (incident_id, list, position) DO NOTHING;

-- task_set(text id, text state, text note?, text done_by?, text done_name?, int done_at?): exec
UPDATE task SET state = $2, note = $3, done_by = $4, done_name = $5, done_at = $6 WHERE id = $1;

-- task_get(text id): rows
SELECT * FROM task WHERE id = $1;

-- task_of_incident(text incident_id): rows
SELECT * FROM task WHERE incident_id = $1 ORDER BY created_at, list, position LIMIT 1000;

-- task_of_list(text incident_id, text list): rows
SELECT * FROM task WHERE incident_id = $1 AND list = $2 ORDER BY position LIMIT 200;

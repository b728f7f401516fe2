-- postmortem_put(text id, text incident_id, text status, text title, text body, int due_at?, text author_id?, int created_at, int updated_at, int completed_at?, int version): exec
INSERT INTO postmortem (id, incident_id, status, title, body, due_at, author_id, created_at, updated_at, completed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, title = excluded.title, body = excluded.body,
    due_at = excluded.due_at, author_id = excluded.author_id, updated_at = excluded.updated_at,
    completed_at = excluded.completed_at, version = excluded.version
WHERE postmortem.version = excluded.version - 1;

-- postmortem_get(text id): rows
SELECT * FROM postmortem WHERE id = $1;

-- postmortem_of_incident(text incident_id): rows
SELECT * FROM postmortem WHERE incident_id = $1;

-- postmortem_list(int before, text before_id, int limit): rows
SELECT * FROM postmortem WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3;

-- action_put(text id, text postmortem_id, text title, text owner_id?, text priority, text due_on?, text status, int created_at, int updated_at): exec
INSERT INTO action_item (id, postmortem_id, title, owner_id, priority, due_on, status, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, owner_id = excluded.owner_id, priority = excluded.priority,
    due_on = excluded.due_on, status = excluded.status, updated_at = excluded.updated_at;

-- action_get(text id): rows
SELECT * FROM action_item WHERE id = $1;

-- action_list(text postmortem_id): rows
SELECT * FROM action_item WHERE postmortem_id = $1 ORDER BY priority, created_at, id LIMIT 200;

-- action_open(int limit): rows
SELECT * FROM action_item WHERE status IN ('open', 'in_progress')
ORDER BY CASE WHEN due_on IS NULL THEN '9999-99-99' ELSE due_on END, priority, id LIMIT $1;

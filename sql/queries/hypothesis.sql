-- hypothesis_put(text id, text incident_id, text text, int likelihood, int impact, text test, text owner_id?, int timebox, text state, int due_at?, int is_over, text change_id?, text author_name, int created_at, int updated_at): exec
INSERT INTO hypothesis (id, incident_id, text, likelihood, impact, test, owner_id, timebox, state, due_at, is_over,
    change_id, author_name, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (id) DO UPDATE SET text = excluded.text, likelihood = excluded.likelihood, impact = excluded.impact,
    test = excluded.test, owner_id = excluded.owner_id, timebox = excluded.timebox, state = excluded.state,
    due_at = excluded.due_at, is_over = excluded.is_over, updated_at = excluded.updated_at;

-- hypothesis_get(text id): rows
SELECT * FROM hypothesis WHERE id = $1;

-- hypothesis_of_change(text incident_id, text change_id): rows
SELECT * FROM hypothesis WHERE incident_id = $1 AND change_id = $2;

-- hypothesis_list(text incident_id): rows
SELECT * FROM hypothesis WHERE incident_id = $1 ORDER BY created_at, id LIMIT 100;

-- hypothesis_count(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM hypothesis WHERE incident_id = $1;

-- finding_add(text id, text hypothesis_id, text incident_id, text says, text text, text author_name, int at): exec
INSERT INTO finding (id, hypothesis_id, incident_id, says, text, author_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- finding_list(text incident_id): rows
SELECT * FROM finding WHERE incident_id = $1 ORDER BY at, id LIMIT 500;

-- finding_count(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM finding WHERE incident_id = $1;

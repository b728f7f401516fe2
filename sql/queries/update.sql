-- update_put(text id, text incident_id, text audience, int number, int external, text state, text moment, text status, text service, text summary, text since, text cause_state, text cause, text impact, text eta, text next_steps, int next_update_at?, text text, text language, text author_id, text author_name, text approved_by?, text approved_name?, int approved_at?, int published_at?, int visible_at?, int retracted_at?, int created_at, int updated_at, int version): exec
INSERT INTO incident_update (id, incident_id, audience, number, external, state, moment, status, service, summary, since,
    cause_state, cause, impact, eta, next_steps, next_update_at, text, language, author_id, author_name, approved_by,
    approved_name, approved_at, published_at, visible_at, retracted_at, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, moment = excluded.moment, status = excluded.status,
    service = excluded.service, summary = excluded.summary, since = excluded.since, cause_state = excluded.cause_state,
    cause = excluded.cause, impact = excluded.impact, eta = excluded.eta, next_steps = excluded.next_steps,
    next_update_at = excluded.next_update_at, text = excluded.text, language = excluded.language,
    author_id = excluded.author_id, author_name = excluded.author_name, approved_by = excluded.approved_by,
    approved_name = excluded.approved_name, approved_at = excluded.approved_at, published_at = excluded.published_at,
    visible_at = excluded.visible_at, retracted_at = excluded.retracted_at, updated_at = excluded.updated_at,
    version = excluded.version
WHERE incident_update.version = excluded.version - 1;

-- update_delete(text id): exec
DELETE FROM incident_update WHERE id = $1 AND published_at IS NULL;

-- update_get(text id): rows
SELECT * FROM incident_update WHERE id = $1;

-- update_by_number(text incident_id, text audience, int number): rows
SELECT * FROM incident_update WHERE incident_id = $1 AND audience = $2 AND number = $3;

-- update_of_incident(text incident_id): rows
SELECT * FROM incident_update WHERE incident_id = $1 ORDER BY created_at DESC, id DESC LIMIT 500;

-- update_of_audience(text incident_id, text audience): rows
SELECT * FROM incident_update WHERE incident_id = $1 AND audience = $2 ORDER BY number DESC LIMIT 200;

-- update_visible(text incident_id, text audience, int now): rows
SELECT * FROM incident_update
WHERE incident_id = $1 AND audience = $2 AND state = 'published' AND visible_at <= $3 ORDER BY number LIMIT 200;

-- update_visible_since(text audience, int since, int now): rows
SELECT * FROM incident_update
WHERE audience = $1 AND state = 'published' AND visible_at > $2 AND visible_at <= $3 ORDER BY visible_at, id LIMIT 2000;

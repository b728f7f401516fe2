-- rollout_put(text id, text incident_id, text title, text state, int stage, int held_at?, text started_by, text started_name, int created_at, int ended_at?, int version): exec
INSERT INTO rollout (id, incident_id, title, state, stage, held_at, started_by, started_name, created_at, ended_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, stage = excluded.stage, held_at = excluded.held_at,
    ended_at = excluded.ended_at, version = excluded.version
WHERE rollout.version = excluded.version - 1;

-- rollout_get(text id): rows
SELECT * FROM rollout WHERE id = $1;

-- rollout_of_incident(text incident_id): rows
SELECT * FROM rollout WHERE incident_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20;

-- rollout_stage_put(text rollout_id, int position, text name, int percent_least, int percent, int hold_us, int hold_most_us, int entered_at?, text health?, text note?, text reason?, text signed_by?, text signed_name?, int signed_at?): exec
INSERT INTO rollout_stage (rollout_id, position, name, percent_least, percent, hold_us, hold_most_us, entered_at, health,
    note, reason, signed_by, signed_name, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (rollout_id, position) DO UPDATE SET entered_at = excluded.entered_at, health = excluded.health,
    note = excluded.note, reason = excluded.reason, signed_by = excluded.signed_by, signed_name = excluded.signed_name,
    signed_at = excluded.signed_at;

-- rollout_stages(text rollout_id): rows
SELECT * FROM rollout_stage WHERE rollout_id = $1 ORDER BY position LIMIT 20;

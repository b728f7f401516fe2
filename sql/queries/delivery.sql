-- delivery_insert(text id, text incident_id?, text kind, text channel, text user_id?, text contact_id?, text endpoint_id?, text recipient, text address, int loop, int step, text reason, text state, int attempts, int next_at?, text lease_owner?, int fence, int created_at, int sent_at?, text receipt?, text error?, text subject?): exec
INSERT INTO delivery (id, incident_id, kind, channel, user_id, contact_id, endpoint_id, recipient, address, loop, step,
    reason, state, attempts, next_at, lease_owner, fence, created_at, sent_at, receipt, error, subject)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (id) DO NOTHING;

-- delivery_get(text id): rows
SELECT * FROM delivery WHERE id = $1;

-- delivery_due(int now, int limit): rows
SELECT * FROM delivery WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2;

-- delivery_claim(text id, int fence, int lease_until, text owner): exec
UPDATE delivery SET state = 'sending', fence = fence + 1, attempts = attempts + 1, next_at = $3, lease_owner = $4
WHERE id = $1 AND fence = $2 AND next_at IS NOT NULL;

-- delivery_finish(text id, int fence, text state, int next_at?, int sent_at?, text receipt?, text error?): exec
UPDATE delivery SET state = $3, next_at = $4, sent_at = $5, receipt = $6, error = $7, lease_owner = NULL
WHERE id = $1 AND fence = $2 AND state = 'sending';

-- delivery_supersede(text incident_id): exec
UPDATE delivery SET state = 'superseded', next_at = NULL, lease_owner = NULL
WHERE incident_id = $1 AND kind = 'page' AND state = 'queued' AND step >= 0;

-- delivery_next: rows
SELECT next_at FROM delivery WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- delivery_of_incident(text incident_id, int limit): rows
SELECT * FROM delivery WHERE incident_id = $1 ORDER BY created_at DESC, id LIMIT $2;

-- delivery_told(text incident_id): rows
SELECT * FROM delivery WHERE incident_id = $1 AND kind = 'page' AND state IN ('sent', 'sending', 'queued')
ORDER BY created_at, id LIMIT 500;

-- delivery_latest(int limit): rows
SELECT * FROM delivery ORDER BY created_at DESC, id LIMIT $1;

-- delivery_troubled(int since, int limit): rows
SELECT * FROM delivery WHERE created_at >= $1
    AND (state = 'failed' OR (error IS NOT NULL AND next_at IS NOT NULL))
ORDER BY created_at DESC, id LIMIT $2;

-- delivery_troubled_count(int since): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM delivery WHERE created_at >= $1
    AND (state = 'failed' OR (error IS NOT NULL AND next_at IS NOT NULL));

-- delivery_counts: rows
SELECT channel, state, CAST(COUNT(*) AS BIGINT) FROM delivery GROUP BY channel, state ORDER BY channel, state;

-- delivery_oldest_unsent: rows
SELECT CAST(COUNT(*) AS BIGINT), MIN(created_at) FROM delivery WHERE next_at IS NOT NULL;

-- delivery_page_of(text incident_id, text user_id): rows
SELECT * FROM delivery WHERE incident_id = $1 AND user_id = $2 AND kind = 'page'
ORDER BY created_at DESC, id LIMIT 1;

-- delivery_recover(int now): exec
UPDATE delivery SET next_at = $1 WHERE state = 'sending' AND next_at > $1;

-- delivery_of_subject(text subject, int limit): rows
SELECT * FROM delivery WHERE subject = $1 ORDER BY created_at, recipient COLLATE "C", id LIMIT $2;

-- delivery_withdraw(text subject): exec
UPDATE delivery SET state = 'superseded', next_at = NULL, lease_owner = NULL WHERE subject = $1 AND state = 'queued';

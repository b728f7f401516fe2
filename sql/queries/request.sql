-- request_add(text id, text incident_id, text role?, text user_id, text user_name, text asked_by, text asked_name, text message, text state, text answer?, int asked_at, int answered_at?): exec
INSERT INTO responder_request (id, incident_id, role, user_id, user_name, asked_by, asked_name, message, state, answer,
    asked_at, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- request_get(text id): rows
SELECT * FROM responder_request WHERE id = $1;

-- request_answer(text id, text state, text answer?, int answered_at): exec
UPDATE responder_request SET state = $2, answer = $3, answered_at = $4 WHERE id = $1 AND state = 'open';

-- request_list(text incident_id): rows
SELECT * FROM responder_request WHERE incident_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 50;

-- request_open_of(text incident_id, text user_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM responder_request WHERE incident_id = $1 AND user_id = $2 AND state = 'open';

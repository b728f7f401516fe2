-- role_term_add(text id, text incident_id, text role, text user_id, text name, int from_at, int to_at?, text reason?): exec
INSERT INTO role_term (id, incident_id, role, user_id, name, from_at, to_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- role_term_end(text incident_id, text role, int to_at): exec
UPDATE role_term SET to_at = $3 WHERE incident_id = $1 AND role = $2 AND to_at IS NULL;

-- role_term_list(text incident_id): rows
SELECT * FROM role_term WHERE incident_id = $1 ORDER BY from_at, id LIMIT 200;

-- role_term_at(text incident_id, int at): rows
SELECT * FROM role_term WHERE incident_id = $1 AND from_at <= $2 AND (to_at IS NULL OR to_at > $2)
ORDER BY from_at, id LIMIT 200;

-- event_count_of_actor(text subject, text kind, text actor_id, int since): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM event WHERE subject = $1 AND kind = $2 AND actor_id = $3 AND recorded_at >= $4;

-- turn_list: rows
SELECT t.user_id, a.name, a.disabled, t.position, t.led_at FROM commander_turn t JOIN account a ON a.id = t.user_id
ORDER BY t.position, t.user_id LIMIT 100;

-- turn_put(text user_id, int position): exec
INSERT INTO commander_turn (user_id, position) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET position = excluded.position;

-- turn_led(text user_id, int led_at): exec
UPDATE commander_turn SET led_at = $2 WHERE user_id = $1;

-- turn_delete(text user_id): exec
DELETE FROM commander_turn WHERE user_id = $1;

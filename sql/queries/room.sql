-- room_put(text incident_id, text channel, text bridge?, text backup?, text phone?, int opened_at, text opened_by, int closed_at?, int check_ins, int missed, int missed_in_a_row, int next_check_in_at?, int version): exec
INSERT INTO war_room (incident_id, channel, bridge, backup, phone, opened_at, opened_by, closed_at, check_ins, missed,
    missed_in_a_row, next_check_in_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (incident_id) DO UPDATE SET bridge = excluded.bridge, backup = excluded.backup, phone = excluded.phone,
    opened_at = excluded.opened_at, opened_by = excluded.opened_by, closed_at = excluded.closed_at,
    check_ins = excluded.check_ins, missed = excluded.missed, missed_in_a_row = excluded.missed_in_a_row,
    next_check_in_at = excluded.next_check_in_at, version = excluded.version
WHERE war_room.version = excluded.version - 1;

-- room_get(text incident_id): rows
SELECT * FROM war_room WHERE incident_id = $1;

-- room_person_put(text incident_id, text user_id, text name, text state, text purpose?, int since): exec
INSERT INTO room_person (incident_id, user_id, name, state, purpose, since) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (incident_id, user_id) DO UPDATE SET state = excluded.state, purpose = excluded.purpose, since = excluded.since;

-- room_person_get(text incident_id, text user_id): rows
SELECT * FROM room_person WHERE incident_id = $1 AND user_id = $2;

-- room_person_list(text incident_id): rows
SELECT * FROM room_person WHERE incident_id = $1 ORDER BY since, user_id LIMIT 500;

-- room_people_left(text incident_id, int now): exec
UPDATE room_person SET state = 'left', since = $2 WHERE incident_id = $1 AND state IN ('waiting', 'joined');

-- resource_add(text id, text incident_id, text user_id, text name, text work, int from_at, int until_at?): exec
INSERT INTO resource (id, incident_id, user_id, name, work, from_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- resource_end(text incident_id, text user_id, int until_at): exec
UPDATE resource SET until_at = $3 WHERE incident_id = $1 AND user_id = $2 AND until_at IS NULL;

-- resource_end_all(text incident_id, int until_at): exec
UPDATE resource SET until_at = $2 WHERE incident_id = $1 AND until_at IS NULL;

-- resource_list(text incident_id): rows
SELECT * FROM resource WHERE incident_id = $1 ORDER BY until_at IS NOT NULL, from_at DESC, id LIMIT 100;

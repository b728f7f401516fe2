-- verification_put(text incident_id, int round, int started_at?, int soak_until?, int soaked, int passed_at?, text waived_by?, text waived_name?, text waived_reason?, int waived_at?): exec
INSERT INTO verification (incident_id, round, started_at, soak_until, soaked, passed_at, waived_by, waived_name,
    waived_reason, waived_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (incident_id) DO UPDATE SET round = excluded.round, started_at = excluded.started_at,
    soak_until = excluded.soak_until, soaked = excluded.soaked, passed_at = excluded.passed_at,
    waived_by = excluded.waived_by, waived_name = excluded.waived_name, waived_reason = excluded.waived_reason,
    waived_at = excluded.waived_at;

-- verification_get(text incident_id): rows
SELECT * FROM verification WHERE incident_id = $1;

-- verification_soaking_of_service(text service_id): rows
SELECT i.id, i.number AS name FROM incident i JOIN incident_service x ON x.incident_id = i.id
WHERE x.service_id = $1 AND i.is_open = 1 AND i.status = 'monitoring' ORDER BY i.id LIMIT 50;

-- incident_put(text id, text number, text title, text status, text severity?, text summary, text cause, text actions_now, text next_decision, text impact_text, int impact_users?, int impact_percent?, text impact_revenue, text service_id?, text group_key?, int is_open, int started_at?, int detected_at?, int declared_at, int acknowledged_at?, text acknowledged_by?, int mitigated_at?, int resolved_at?, int verified_at?, int closed_at?, int next_update_at?, text class?, int restricted, int evidence_hold, int aware_at?, int confirmed_at?, text confirmed_by?, text created_by, int updated_at, int version, int severity_rank): exec
INSERT INTO incident (id, number, title, status, severity, summary, cause, actions_now, next_decision, impact_text,
    impact_users, impact_percent, impact_revenue, service_id, group_key, is_open, started_at, detected_at, declared_at,
    acknowledged_at, acknowledged_by, mitigated_at, resolved_at, verified_at, closed_at, next_update_at, class, restricted,
    evidence_hold, aware_at, confirmed_at, confirmed_by, created_by, updated_at, version, severity_rank)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, status = excluded.status, severity = excluded.severity,
    summary = excluded.summary, cause = excluded.cause, actions_now = excluded.actions_now,
    next_decision = excluded.next_decision, impact_text = excluded.impact_text, impact_users = excluded.impact_users,
    impact_percent = excluded.impact_percent, impact_revenue = excluded.impact_revenue, service_id = excluded.service_id,
    is_open = excluded.is_open, started_at = excluded.started_at, detected_at = excluded.detected_at,
    acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by,
    mitigated_at = excluded.mitigated_at, resolved_at = excluded.resolved_at, verified_at = excluded.verified_at,
    closed_at = excluded.closed_at, next_update_at = excluded.next_update_at, class = excluded.class,
    restricted = excluded.restricted, evidence_hold = excluded.evidence_hold, aware_at = excluded.aware_at,
    confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by, updated_at = excluded.updated_at,
    version = excluded.version, severity_rank = excluded.severity_rank
WHERE incident.version = excluded.version - 1;

-- incident_lock(text ref): rows
SELECT id FROM incident WHERE id = $1 OR number = $1;

-- incident_lock [postgres]
SELECT id FROM incident WHERE id = $1 OR number = $1 FOR UPDATE;

-- incident_get(text id): rows
SELECT * FROM incident WHERE id = $1;

-- incident_by_number(text number): rows
SELECT * FROM incident WHERE number = $1;

-- incident_open_group(text group_key): rows
SELECT * FROM incident WHERE group_key = $1 AND is_open = 1;

-- incident_open(int limit): rows
SELECT * FROM incident WHERE is_open = 1 ORDER BY severity_rank, declared_at, id LIMIT $1;

-- incident_unacknowledged(int limit): rows
SELECT * FROM incident WHERE is_open = 1 AND acknowledged_at IS NULL ORDER BY severity_rank, declared_at, id LIMIT $1;

-- incident_past(int before, text before_id, int limit): rows
SELECT * FROM incident WHERE is_open = 0 AND (declared_at, id) < ($1, $2)
ORDER BY declared_at DESC, id DESC LIMIT $3;

-- incident_page(int before, text before_id, int limit): rows
SELECT * FROM incident WHERE (declared_at, id) < ($1, $2) ORDER BY declared_at DESC, id DESC LIMIT $3;

-- incident_between(int from_us, int to_us, int limit): rows
SELECT * FROM incident WHERE declared_at >= $1 AND declared_at < $2 ORDER BY declared_at, id LIMIT $3;

-- incident_of_commander(text user_id, int limit): rows
SELECT i.* FROM incident i JOIN incident_role r ON r.incident_id = i.id
WHERE r.user_id = $1 AND i.is_open = 1 ORDER BY i.severity_rank, i.declared_at, i.id LIMIT $2;

-- incident_of_service(text service_id, int limit): rows
SELECT i.* FROM incident i JOIN incident_service x ON x.incident_id = i.id
WHERE x.service_id = $1 AND i.is_open = 1 ORDER BY i.severity_rank, i.declared_at, i.id LIMIT $2;

-- incident_count_by_service: rows
SELECT x.service_id, CAST(COUNT(*) AS BIGINT) FROM incident_service x JOIN incident i ON i.id = x.incident_id
WHERE i.is_open = 1 AND i.restricted = 0 GROUP BY x.service_id;

-- incident_count_by_severity: rows
SELECT COALESCE(severity, ''), CAST(COUNT(*) AS BIGINT) FROM incident WHERE is_open = 1 AND restricted = 0
GROUP BY COALESCE(severity, '') ORDER BY 1;

-- role_put(text incident_id, text role, text user_id, int assigned_at): exec
INSERT INTO incident_role (incident_id, role, user_id, assigned_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (incident_id, role) DO UPDATE SET user_id = excluded.user_id, assigned_at = excluded.assigned_at;

-- role_delete(text incident_id, text role): exec
DELETE FROM incident_role WHERE incident_id = $1 AND role = $2;

-- role_list(text incident_id): rows
SELECT r.role, r.user_id, a.name, r.assigned_at FROM incident_role r JOIN account a ON a.id = r.user_id
WHERE r.incident_id = $1 ORDER BY r.role LIMIT 50;

-- incident_service_put(text incident_id, text service_id): exec
INSERT INTO incident_service (incident_id, service_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- incident_service_delete(text incident_id, text service_id): exec
DELETE FROM incident_service WHERE incident_id = $1 AND service_id = $2;

-- incident_service_list(text incident_id): rows
SELECT s.id, s.name FROM incident_service i JOIN service s ON s.id = i.service_id
WHERE i.incident_id = $1 ORDER BY s.name COLLATE "C" LIMIT 100;

-- escalation_put(text incident_id, text policy_id, text policy_name, int repeat, text steps, text state, int loop, int step, int next_at?, int version): exec
INSERT INTO escalation (incident_id, policy_id, policy_name, repeat, steps, state, loop, step, next_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (incident_id) DO UPDATE SET state = excluded.state, loop = excluded.loop, step = excluded.step,
    next_at = excluded.next_at, version = excluded.version
WHERE escalation.version = excluded.version - 1;

-- escalation_get(text incident_id): rows
SELECT * FROM escalation WHERE incident_id = $1;

-- access_sees(text incident_id, text user_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM incident i WHERE i.id = $1 AND (i.created_by = $2
    OR COALESCE(i.acknowledged_by, '') = $2
    OR EXISTS (SELECT 1 FROM incident_member m WHERE m.incident_id = i.id AND m.user_id = $2)
    OR EXISTS (SELECT 1 FROM incident_role r WHERE r.incident_id = i.id AND r.user_id = $2)
    OR EXISTS (SELECT 1 FROM delivery d WHERE d.incident_id = i.id AND d.user_id = $2 AND d.kind = 'page'));

-- access_restricted(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM incident WHERE id = $1 AND restricted = 1;

-- access_open_count(text user_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM incident i WHERE i.is_open = 1 AND (i.restricted = 0 OR i.created_by = $1
    OR COALESCE(i.acknowledged_by, '') = $1
    OR EXISTS (SELECT 1 FROM incident_member m WHERE m.incident_id = i.id AND m.user_id = $1)
    OR EXISTS (SELECT 1 FROM incident_role r WHERE r.incident_id = i.id AND r.user_id = $1)
    OR EXISTS (SELECT 1 FROM delivery d WHERE d.incident_id = i.id AND d.user_id = $1 AND d.kind = 'page'));

-- access_members(text incident_id): rows
SELECT a.id AS user_id, a.name, x.why, x.detail FROM (
    SELECT created_by AS user_id, 'declared' AS why, '' AS detail FROM incident WHERE id = $1
    UNION SELECT acknowledged_by, 'acknowledged', '' FROM incident WHERE id = $1 AND acknowledged_by IS NOT NULL
    UNION SELECT user_id, 'role', role FROM incident_role WHERE incident_id = $1
    UNION SELECT user_id, 'paged', '' FROM delivery WHERE incident_id = $1 AND kind = 'page' AND user_id IS NOT NULL
    UNION SELECT user_id, 'invited', reason FROM incident_member WHERE incident_id = $1) x
JOIN account a ON a.id = x.user_id ORDER BY a.name COLLATE "C", a.id, x.why, x.detail LIMIT 500;

-- access_restricted_list(int limit): rows
SELECT * FROM incident WHERE restricted = 1 ORDER BY declared_at DESC, id LIMIT $1;

-- member_put(text incident_id, text user_id, text reason, text added_by, int added_at): exec
INSERT INTO incident_member (incident_id, user_id, reason, added_by, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (incident_id, user_id) DO UPDATE SET reason = excluded.reason, added_by = excluded.added_by,
    added_at = excluded.added_at;

-- member_delete(text incident_id, text user_id): exec
DELETE FROM incident_member WHERE incident_id = $1 AND user_id = $2;

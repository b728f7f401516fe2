-- runbook_put(text id, text slug, text kind, text title, text services, text alerts, text severities, text owner, text tested_on, text body, text updated_by, int created_at, int updated_at, int version): exec
INSERT INTO runbook (id, slug, kind, title, services, alerts, severities, owner, tested_on, body, updated_by,
    created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, kind = excluded.kind, title = excluded.title,
    services = excluded.services, alerts = excluded.alerts, severities = excluded.severities, owner = excluded.owner,
    tested_on = excluded.tested_on, body = excluded.body, updated_by = excluded.updated_by,
    updated_at = excluded.updated_at, version = excluded.version
WHERE runbook.version = excluded.version - 1;

-- runbook_version_add(text runbook_id, int version, text body, text updated_by, int updated_at): exec
INSERT INTO runbook_version (runbook_id, version, body, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5);

-- runbook_get(text id): rows
SELECT * FROM runbook WHERE id = $1;

-- runbook_by_slug(text slug): rows
SELECT * FROM runbook WHERE slug = $1;

-- runbook_version_get(text runbook_id, int version): rows
SELECT body, updated_by, updated_at, version FROM runbook_version WHERE runbook_id = $1 AND version = $2;

-- Without their bodies, which a list does not show.
-- runbook_list: rows
SELECT id, slug, kind, title, services, alerts, severities, owner, tested_on, updated_by, created_at, updated_at, version
FROM runbook ORDER BY title COLLATE "C", id LIMIT 1000;

-- runbook_count: rows
SELECT CAST(COUNT(*) AS BIGINT) FROM runbook;

-- incident_runbook_put(text incident_id, text runbook_id, int version, text reason, int removed, int attached_at): exec
INSERT INTO incident_runbook (incident_id, runbook_id, version, reason, removed, attached_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (incident_id, runbook_id) DO UPDATE SET removed = excluded.removed;

-- incident_runbook_list(text incident_id): rows
SELECT i.runbook_id, r.title, i.version, i.reason, i.removed, i.attached_at
FROM incident_runbook i JOIN runbook r ON r.id = i.runbook_id
WHERE i.incident_id = $1 ORDER BY i.attached_at, i.runbook_id LIMIT 100;

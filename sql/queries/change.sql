-- change_put(text id, text source, text external_id?, text kind, text service_id?, text environment, text version, text commit_from, text commit_to, text author, text title, text link, text status, text reversible, int started_at, int finished_at?, int at, int created_at, int updated_at): exec
INSERT INTO change_event (id, source, external_id, kind, service_id, environment, version, commit_from, commit_to,
    author, title, link, status, reversible, started_at, finished_at, at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, service_id = excluded.service_id,
    environment = excluded.environment, version = excluded.version, commit_from = excluded.commit_from,
    commit_to = excluded.commit_to, author = excluded.author, title = excluded.title, link = excluded.link,
    status = excluded.status, reversible = excluded.reversible, started_at = excluded.started_at,
    finished_at = excluded.finished_at, at = excluded.at, updated_at = excluded.updated_at;

-- change_get(text id): rows
SELECT * FROM change_event WHERE id = $1;

-- change_by_external(text source, text external_id): rows
SELECT * FROM change_event WHERE source = $1 AND external_id = $2;

-- change_before(text service_id, text kind, text environment, int at): rows
SELECT * FROM change_event
WHERE service_id = $1 AND kind = $2 AND environment = $3 AND at < $4 AND status = 'succeeded'
ORDER BY at DESC, id DESC LIMIT 1;

-- change_between(int from, int to, int limit): rows
SELECT * FROM change_event WHERE at >= $1 AND at <= $2 ORDER BY at DESC, id DESC LIMIT $3;

-- change_of_incident(text incident_id, int from, int to, int limit): rows
SELECT * FROM change_event
WHERE at >= $2 AND at <= $3 AND service_id IN (SELECT service_id FROM incident_service WHERE incident_id = $1)
ORDER BY at DESC, id DESC LIMIT $4;

-- Empty texts filter nothing.
-- change_list(int before, text before_id, int from, text service_id, text kind, int limit): rows
SELECT * FROM change_event
WHERE (at, id) < ($1, $2) AND at >= $3 AND ($4 = '' OR service_id = $4) AND ($5 = '' OR kind = $5)
ORDER BY at DESC, id DESC LIMIT $6;

-- change_open_incidents(text service_id): rows
SELECT i.id AS id, i.number AS name FROM incident i JOIN incident_service s ON s.incident_id = i.id
WHERE i.is_open = 1 AND s.service_id = $1 ORDER BY i.id LIMIT 50;

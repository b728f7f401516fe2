-- alert_insert(int id, text service_id, text dedup, int fingerprint, int firing, int timeout, text name, text severity, text labels, text annotations, text generator_url, int starts_at, int ends_at, int received_at, int updated_at, int resolved_at?, int count, text incident_id?): rows
INSERT INTO alert (id, service_id, dedup, fingerprint, firing, timeout, name, severity, labels, annotations, generator_url,
    starts_at, ends_at, received_at, updated_at, resolved_at, count, incident_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (dedup) WHERE firing = 1 DO UPDATE SET
    count = alert.count + excluded.count, updated_at = excluded.updated_at
RETURNING id;

-- alert_update(int id, int firing, int timeout, text annotations, text generator_url, int starts_at, int ends_at, int updated_at, int resolved_at?, int count_more, text incident_id?): exec
UPDATE alert SET firing = $2, timeout = $3, annotations = $4, generator_url = $5, starts_at = $6, ends_at = $7,
    updated_at = $8, resolved_at = $9, count = count + $10, incident_id = $11
WHERE id = $1 AND firing = 1;

-- alert_expire(int id, int until, int now): exec
UPDATE alert SET firing = 0, resolved_at = ends_at, updated_at = $3 WHERE id = $1 AND firing = 1 AND ends_at <= $2;

-- alert_touch(int id, int ends_at, int updated_at, int count_more): exec
UPDATE alert SET ends_at = CASE WHEN ends_at < $2 THEN $2 ELSE ends_at END, updated_at = $3, count = count + $4
WHERE id = $1 AND firing = 1;

-- alert_open(text dedup): rows
SELECT * FROM alert WHERE dedup = $1 AND firing = 1;

-- alert_get(int id): rows
SELECT * FROM alert WHERE id = $1;

-- alert_history(text dedup, int limit): rows
SELECT * FROM alert WHERE dedup = $1 AND firing = 0 ORDER BY id DESC LIMIT $2;

-- alert_firing_all: rows
SELECT * FROM alert WHERE firing = 1;

-- alert_firing_name(text name): rows
SELECT * FROM alert WHERE firing = 1 AND name = $1;

-- alert_cache_load: rows
SELECT id, dedup, timeout, starts_at, ends_at, annotations, generator_url FROM alert WHERE firing = 1;

-- alert_overdue(int now, int limit): rows
SELECT * FROM alert WHERE firing = 1 AND ends_at <= $1 ORDER BY ends_at LIMIT $2;

-- alert_next_end: rows
SELECT ends_at FROM alert WHERE firing = 1 ORDER BY ends_at LIMIT 1;

-- alert_page(int before, int limit): rows
SELECT * FROM alert WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- alert_page_firing(int before, int limit): rows
SELECT * FROM alert WHERE firing = 1 AND +id < $1 ORDER BY +id DESC LIMIT $2;

-- alert_page_resolved(int before, int limit): rows
SELECT * FROM alert WHERE firing = 0 AND id < $1 ORDER BY id DESC LIMIT $2;

-- alert_of_incident(text incident_id, int limit): rows
SELECT * FROM alert WHERE incident_id = $1 ORDER BY id LIMIT $2;

-- alert_incident_firing(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM alert WHERE incident_id = $1 AND firing = 1;

-- alert_count_firing: rows
SELECT CAST(COUNT(*) AS BIGINT) FROM alert WHERE firing = 1;

-- alert_count_service(text service_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM alert WHERE firing = 1 AND service_id = $1;

-- alert_count_by_service: rows
SELECT service_id, CAST(COUNT(*) AS BIGINT) FROM alert WHERE firing = 1 GROUP BY service_id;

-- alert_end(int id, int ends_at): exec
UPDATE alert SET ends_at = $2 WHERE id = $1 AND firing = 1;

-- alert_link(int id, text incident_id): exec
UPDATE alert SET incident_id = $2 WHERE id = $1;

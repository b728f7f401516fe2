-- assessment_put(text incident_id, int users_percent?, text revenue?, text data?, text workaround?, text security?, text proposed?, text chosen?, text reason, text by_id, text by_name, int at): exec
INSERT INTO assessment (incident_id, users_percent, revenue, data, workaround, security, proposed, chosen, reason, by_id,
    by_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (incident_id) DO UPDATE SET users_percent = excluded.users_percent, revenue = excluded.revenue,
    data = excluded.data, workaround = excluded.workaround, security = excluded.security, proposed = excluded.proposed,
    chosen = excluded.chosen, reason = excluded.reason, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at;

-- assessment_get(text incident_id): rows
SELECT * FROM assessment WHERE incident_id = $1;

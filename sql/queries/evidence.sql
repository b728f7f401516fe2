-- evidence_add(text id, text incident_id, text name, text url?, text sha256?, int size?, text note, text added_by, text added_name, int added_at, text content?): exec
INSERT INTO evidence (id, incident_id, name, url, sha256, size, note, added_by, added_name, added_at, content)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- evidence_get(text id): rows
SELECT * FROM evidence WHERE id = $1;

-- evidence_of_incident(text incident_id): rows
SELECT id, incident_id, name, url, sha256, size, note, added_by, added_name, added_at FROM evidence
WHERE incident_id = $1 ORDER BY added_at, id LIMIT 200;

-- evidence_count(text incident_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM evidence WHERE incident_id = $1;

-- evidence_delete(text id): exec
DELETE FROM evidence WHERE id = $1
    AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = evidence.incident_id AND i.evidence_hold = 1);

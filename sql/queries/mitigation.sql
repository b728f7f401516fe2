-- mitigation_add(text id, text incident_id, text kind, text text, text command?, text result?, text effect, int at, text done_by, text done_name, int judged_at?, int created_at): exec
INSERT INTO mitigation (id, incident_id, kind, text, command, result, effect, at, done_by, done_name, judged_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- mitigation_judge(text id, text effect, text result?, int judged_at): exec
UPDATE mitigation SET effect = $2, result = $3, judged_at = $4 WHERE id = $1;

-- mitigation_get(text id): rows
SELECT * FROM mitigation WHERE id = $1;

-- mitigation_of_incident(text incident_id): rows
SELECT * FROM mitigation WHERE incident_id = $1 ORDER BY at, id LIMIT 200;

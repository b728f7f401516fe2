-- decision_add(text id, text incident_id, int version, text severity?, text recent_deploy, text data_at_risk, text rollback_loses_data, text cause_understood, text fix_simple, int fix_takes?, int rollback_takes?, text undone?, text recommendation, text reason, int provisional, text verdicts, text asked_by, text asked_name, int created_at, text choice?, text why?, text decided_by?, text decided_name?, int decided_at?): exec
INSERT INTO decision (id, incident_id, version, severity, recent_deploy, data_at_risk, rollback_loses_data, cause_understood,
    fix_simple, fix_takes, rollback_takes, undone, recommendation, reason, provisional, verdicts, asked_by, asked_name,
    created_at, choice, why, decided_by, decided_name, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24);

-- decision_choose(text id, text choice, text why?, text decided_by, text decided_name, int decided_at): exec
UPDATE decision SET choice = $2, why = $3, decided_by = $4, decided_name = $5, decided_at = $6
WHERE id = $1 AND decided_at IS NULL;

-- decision_get(text id): rows
SELECT * FROM decision WHERE id = $1;

-- decision_of_incident(text incident_id, int limit): rows
SELECT * FROM decision WHERE incident_id = $1 ORDER BY version DESC LIMIT $2;

-- timer_put(int id, text kind, text subject, int due_at, text data): exec
INSERT INTO timer (id, kind, subject, due_at, data) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, data = excluded.data;

-- timer_delete(text kind, text subject): exec
DELETE FROM timer WHERE kind = $1 AND subject = $2;

-- timer_due(int now, int limit): rows
SELECT id, kind, subject, due_at, data FROM timer WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2;

-- timer_claim(int id, int due_at): exec
DELETE FROM timer WHERE id = $1 AND due_at = $2;

-- timer_next: rows
SELECT due_at FROM timer ORDER BY due_at, id LIMIT 1;

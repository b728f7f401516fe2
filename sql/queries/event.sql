-- chain_get(text subject): rows
SELECT number, hash FROM chain WHERE subject = $1;

-- chain_put(text subject, int number, text hash): exec
INSERT INTO chain (subject, number, hash) VALUES ($1, $2, $3)
ON CONFLICT (subject) DO UPDATE SET number = excluded.number, hash = excluded.hash
WHERE chain.number = excluded.number - 1;

-- chain_list(text after, int limit): rows
SELECT subject, number, hash FROM chain WHERE subject COLLATE "C" > $1 ORDER BY subject COLLATE "C" LIMIT $2;

-- event_insert(int seq, text subject, int number, text kind, int at, int recorded_at, text actor_kind, text actor_id, text actor_name, int corrects?, text data, text hash): exec
INSERT INTO event (seq, subject, number, kind, at, recorded_at, actor_kind, actor_id, actor_name, corrects, data, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- event_list(text subject, int after_number, int limit): rows
SELECT * FROM event WHERE subject = $1 AND number > $2 ORDER BY number LIMIT $3;

-- event_latest(text subject, int limit): rows
SELECT * FROM event WHERE subject = $1 ORDER BY number DESC LIMIT $2;

-- event_since(int after_seq, int limit): rows
SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2;

-- event_last_seq: rows
SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM event;

-- event_orphan: rows
SELECT e.seq, e.subject FROM event e LEFT JOIN chain c ON c.subject = e.subject
WHERE c.subject IS NULL OR e.number > c.number ORDER BY e.seq LIMIT 1;

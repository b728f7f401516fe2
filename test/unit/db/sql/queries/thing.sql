-- Queries of this floor's tests; they also show every form a query can take.

-- thing_insert(text id, text name, int count, int seen?, text note?, int live): exec
INSERT INTO thing (id, name, count, seen, note, live) VALUES ($1, $2, $3, $4, $5, $6);

-- thing_get(text id): rows
SELECT * FROM thing WHERE id = $1;

-- thing_order: rows
SELECT id FROM thing ORDER BY name COLLATE "C";

-- thing_search(int least, text name?, int limit): rows
SELECT * FROM thing WHERE ($2 IS NULL OR name = $2) AND count >= $1 ORDER BY count, id LIMIT $3;

-- thing_bump(text id, int by): exec
UPDATE thing SET count = count + $2 WHERE id = $1;

-- thing_delete(text id): exec
DELETE FROM thing WHERE id = $1;

-- thing_clear: exec
DELETE FROM thing;

-- thing_count: rows
SELECT CAST(COUNT(*) AS BIGINT) FROM thing;

-- thing_odd(text id): rows
SELECT id, name, 'x' AS surprise FROM thing WHERE id = $1;

-- thing_null(text id): rows
SELECT id, note AS name FROM thing WHERE id = $1;

-- part_insert(int id, text thing_id): exec
INSERT INTO part (id, thing_id) VALUES ($1, $2);

-- part_clear: exec
DELETE FROM part;

-- counter_add(text name, int by): rows
INSERT INTO counter (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value
RETURNING value;

-- counter_get(text name): rows
SELECT value FROM counter WHERE name = $1;

-- value_echo(int number?, text words?): rows
SELECT $1 AS number, $2 AS words;

-- value_order(text b, text a): rows
SELECT $2 AS a, $1 AS b;

-- engine_name: rows
SELECT 'sqlite' AS name;

-- engine_name [postgres]
SELECT 'postgres' AS name;

-- value_wrong: rows
SELECT no_such_column FROM thing;

-- numbers(int limit): rows
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT CAST(i AS BIGINT) FROM n;

-- sqlite_rollback: exec
ROLLBACK;

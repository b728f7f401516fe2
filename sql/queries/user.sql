-- user_put(text id, text email, text name, text role, text zone, text language?, text password_hash?, int disabled, int created_at, int updated_at, int version): exec
INSERT INTO account (id, email, name, role, zone, language, password_hash, disabled, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, role = excluded.role,
    zone = excluded.zone, language = excluded.language, password_hash = excluded.password_hash, disabled = excluded.disabled,
    updated_at = excluded.updated_at, version = excluded.version
WHERE account.version = excluded.version - 1;

-- user_get(text id): rows
SELECT * FROM account WHERE id = $1;

-- user_by_email(text email): rows
SELECT * FROM account WHERE email = $1;

-- user_list(text after_name, text after_id, int limit): rows
SELECT * FROM account WHERE (name COLLATE "C", id) > ($1, $2) ORDER BY name COLLATE "C", id LIMIT $3;

-- user_responders: rows
SELECT id, name FROM account WHERE disabled = 0 AND role <> 'viewer' ORDER BY name COLLATE "C", id LIMIT 500;

-- user_count: rows
SELECT CAST(COUNT(*) AS BIGINT) FROM account;

-- user_admins: rows
SELECT CAST(COUNT(*) AS BIGINT) FROM account WHERE role = 'admin' AND disabled = 0;

-- contact_insert(text id, text user_id, text kind, text address, int enabled, int created_at): exec
INSERT INTO contact (id, user_id, kind, address, enabled, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- contact_get(text id): rows
SELECT * FROM contact WHERE id = $1;

-- contact_list(text user_id): rows
SELECT * FROM contact WHERE user_id = $1 ORDER BY created_at, id LIMIT 50;

-- contact_delete(text id): exec
DELETE FROM contact WHERE id = $1;

-- session_insert(text id, text user_id, text csrf, int created_at, int expires_at, text agent): exec
INSERT INTO session (id, user_id, csrf, created_at, expires_at, agent) VALUES ($1, $2, $3, $4, $5, $6);

-- session_get(text id, int now): rows
SELECT * FROM session WHERE id = $1 AND expires_at > $2;

-- session_delete(text id): exec
DELETE FROM session WHERE id = $1;

-- session_delete_user(text user_id): exec
DELETE FROM session WHERE user_id = $1;

-- session_expire(int now): exec
DELETE FROM session WHERE expires_at <= $1;

-- token_insert(text id, text user_id, text name, text hint, text hash, int created_at, int expires_at?): exec
INSERT INTO api_token (id, user_id, name, hint, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- token_by_hash(text hash, int now): rows
SELECT * FROM api_token WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2);

-- token_list(text user_id): rows
SELECT * FROM api_token WHERE user_id = $1 ORDER BY created_at, id LIMIT 200;

-- token_all(int limit): rows
SELECT t.id, t.user_id, t.name, t.hint, t.created_at, t.expires_at, a.name AS user_name, a.role
FROM api_token t JOIN account a ON a.id = t.user_id ORDER BY t.created_at DESC, t.id LIMIT $1;

-- token_get(text id): rows
SELECT * FROM api_token WHERE id = $1;

-- token_delete(text id): exec
DELETE FROM api_token WHERE id = $1;

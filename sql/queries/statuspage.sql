-- status_page_put(text id, text slug, text title, text about?, text language, text zone, text host?, text logo_url?, text home_url?, text visibility, text components, int is_default, text token_hash?, int created_at, int updated_at, int version): exec
INSERT INTO status_page (id, slug, title, about, language, zone, host, logo_url, home_url, visibility, components,
    is_default, token_hash, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, title = excluded.title, about = excluded.about,
    language = excluded.language, zone = excluded.zone, host = excluded.host, logo_url = excluded.logo_url,
    home_url = excluded.home_url, visibility = excluded.visibility, token_hash = excluded.token_hash,
    components = excluded.components, is_default = excluded.is_default, updated_at = excluded.updated_at,
    version = excluded.version
WHERE status_page.version = excluded.version - 1;

-- status_page_get(text id): rows
SELECT * FROM status_page WHERE id = $1;

-- status_page_list: rows
SELECT * FROM status_page ORDER BY is_default DESC, slug LIMIT 50;

-- status_page_not_default(text id): exec
UPDATE status_page SET is_default = 0 WHERE id <> $1 AND is_default = 1;

-- status_page_delete(text id): exec
DELETE FROM status_page WHERE id = $1;

-- component_put(text id, text group_id?, int is_group, text name, text description?, int position, text services, int shown, text state, int state_since, text state_cause?, int created_at, int updated_at, int version): exec
INSERT INTO component (id, group_id, is_group, name, description, position, services, shown, state, state_since,
    state_cause, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, name = excluded.name,
    description = excluded.description, position = excluded.position, services = excluded.services,
    shown = excluded.shown, state = excluded.state, state_since = excluded.state_since,
    state_cause = excluded.state_cause, updated_at = excluded.updated_at, version = excluded.version
WHERE component.version = excluded.version - 1;

-- component_get(text id): rows
SELECT * FROM component WHERE id = $1;

-- component_list: rows
SELECT * FROM component ORDER BY position, created_at, id LIMIT 500;

-- component_used(text id): rows
SELECT CAST((SELECT COUNT(*) FROM public_component WHERE component_id = $1)
    + (SELECT COUNT(*) FROM component WHERE group_id = $1) AS BIGINT);

-- component_delete(text id): exec
DELETE FROM component WHERE id = $1;

-- component_states_delete(text component_id): exec
DELETE FROM component_state WHERE component_id = $1;

-- component_impacts(text component_id): rows
SELECT c.public_id, c.component_id, c.state FROM public_component c JOIN public_incident p ON p.id = c.public_id
WHERE c.component_id = $1 AND p.is_open = 1 AND p.status <> 'scheduled' ORDER BY p.started_at, c.public_id LIMIT 200;

-- component_state_start(text component_id, int started_at, text state, text public_id?): exec
INSERT INTO component_state (component_id, started_at, state, public_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (component_id, started_at) DO UPDATE SET state = excluded.state, public_id = excluded.public_id,
    ended_at = NULL;

-- component_state_end(text component_id, int ended_at): exec
UPDATE component_state SET ended_at = $2 WHERE component_id = $1 AND ended_at IS NULL AND started_at < $2;

-- component_states(int since): rows
SELECT * FROM component_state WHERE ended_at IS NULL OR ended_at > $1 ORDER BY component_id, started_at LIMIT 20000;

-- public_incident_put(text id, text kind, text incident_id?, text title, text status, text impact, int is_open, int automatic, int scheduled_for?, int scheduled_until?, int next_update_at?, int started_at, int monitoring_at?, int resolved_at?, text postmortem?, int postmortem_at?, int created_at, int updated_at, int version): exec
INSERT INTO public_incident (id, kind, incident_id, title, status, impact, is_open, automatic, scheduled_for,
    scheduled_until, next_update_at, started_at, monitoring_at, resolved_at, postmortem, postmortem_at, created_at,
    updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, status = excluded.status, impact = excluded.impact,
    is_open = excluded.is_open, automatic = excluded.automatic, scheduled_for = excluded.scheduled_for,
    scheduled_until = excluded.scheduled_until, next_update_at = excluded.next_update_at,
    started_at = excluded.started_at, monitoring_at = excluded.monitoring_at, resolved_at = excluded.resolved_at,
    postmortem = excluded.postmortem, postmortem_at = excluded.postmortem_at, updated_at = excluded.updated_at,
    version = excluded.version
WHERE public_incident.version = excluded.version - 1;

-- public_incident_get(text id): rows
SELECT * FROM public_incident WHERE id = $1;

-- public_incident_of(text incident_id): rows
SELECT * FROM public_incident WHERE incident_id = $1;

-- public_incident_list(int before, text before_id, int limit): rows
SELECT * FROM public_incident WHERE (started_at, id) < ($1, $2) ORDER BY started_at DESC, id DESC LIMIT $3;

-- public_incident_opened: rows
SELECT * FROM public_incident WHERE is_open = 1 ORDER BY started_at DESC, id DESC LIMIT 200;

-- public_component_put(text public_id, text component_id, text state): exec
INSERT INTO public_component (public_id, component_id, state) VALUES ($1, $2, $3)
ON CONFLICT (public_id, component_id) DO UPDATE SET state = excluded.state;

-- public_component_of(text public_id): rows
SELECT public_id, component_id, state FROM public_component WHERE public_id = $1 ORDER BY component_id LIMIT 200;

-- public_component_since(int since): rows
SELECT c.public_id, c.component_id, c.state FROM public_component c JOIN public_incident p ON p.id = c.public_id
WHERE p.started_at >= $1 OR p.is_open = 1 ORDER BY c.public_id, c.component_id LIMIT 20000;

-- public_update_add(text id, text public_id, int number, text status, text body, text components, text created_by?, int created_at): exec
INSERT INTO public_update (id, public_id, number, status, body, components, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- public_update_get(text id): rows
SELECT * FROM public_update WHERE id = $1;

-- public_update_of(text public_id): rows
SELECT * FROM public_update WHERE public_id = $1 ORDER BY number DESC LIMIT 500;

-- public_update_since(int since): rows
SELECT u.* FROM public_update u JOIN public_incident p ON p.id = u.public_id
WHERE p.started_at >= $1 OR p.is_open = 1 ORDER BY u.public_id, u.number DESC LIMIT 20000;

-- subscriber_put(text id, text page_id, text kind, text address, text secret?, text components, int confirmed_at?, int asked_at, int created_at): exec
INSERT INTO subscriber (id, page_id, kind, address, secret, components, confirmed_at, asked_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, components = excluded.components,
    confirmed_at = excluded.confirmed_at, asked_at = excluded.asked_at;

-- subscriber_get(text id): rows
SELECT * FROM subscriber WHERE id = $1;

-- subscriber_by_address(text page_id, text kind, text address): rows
SELECT * FROM subscriber WHERE page_id = $1 AND kind = $2 AND address = $3;

-- subscriber_after(text after, int limit): rows
SELECT * FROM subscriber WHERE id > $1 AND confirmed_at IS NOT NULL ORDER BY id LIMIT $2;

-- subscriber_count(text page_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM subscriber WHERE page_id = $1 AND confirmed_at IS NOT NULL;

-- subscriber_pending(text page_id): rows
SELECT CAST(COUNT(*) AS BIGINT) FROM subscriber WHERE page_id = $1 AND confirmed_at IS NULL;

-- subscriber_delete(text id): exec
DELETE FROM subscriber WHERE id = $1;

-- subscriber_delete_page(text page_id): exec
DELETE FROM subscriber WHERE page_id = $1;

-- subscriber_forget(int before): exec
DELETE FROM subscriber WHERE confirmed_at IS NULL AND asked_at < $1;

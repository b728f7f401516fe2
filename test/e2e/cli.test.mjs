// The command line against a running server: what people do with it, what scripts get from it, what it says when it cannot;
// and the API's answers against the description that it gives of itself.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, Rig, story } from './lib.mjs';

// {code, out, err} of one command. A rig's token and address unless `env` says otherwise.
function command(tocsin, words, { input = '', env = {} } = {}) {
  return new Promise(done => {
    const child = spawn(binary, words, { env: { PATH: process.env.PATH, HOME: tocsin.rig.folder, TOCSIN_URL: tocsin.url, TOCSIN_TOKEN: tocsin.token, ...env } });
    const told = { code: null, out: '', err: '' };
    child.stdout.on('data', text => { told.out += text; });
    child.stderr.on('data', text => { told.err += text; });
    child.on('close', code => { told.code = code; done(told); });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

// What is wrong with a value by a JSON Schema of the kind that the description uses; nothing if it fits.
function misfits(root, schema, value, at = '$') {
  if (schema.$ref) return misfits(root, schema.$ref.slice(2).split('/').reduce((o, key) => o[key], root), value, at);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (schema.type && ![schema.type].flat().includes(kind)) return [`${at} is ${kind}, not ${schema.type}`];
  const wrong = [];
  if (schema.enum && !schema.enum.includes(value)) wrong.push(`${at} is ${value}`);
  if (kind === 'string') {
    if ([...value].length > (schema.maxLength ?? Infinity)) wrong.push(`${at} is too long`);
    if (schema.pattern && !new RegExp(schema.pattern).test(value)) wrong.push(`${at} is not like ${schema.pattern}: ${value}`);
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) wrong.push(`${at} is no time: ${value}`);
  }
  if (kind === 'integer' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) wrong.push(`${at} is out of range`);
  if (kind === 'array' && schema.items) value.forEach((v, i) => wrong.push(...misfits(root, schema.items, v, `${at}[${i}]`)));
  if (kind === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) wrong.push(`${at}.${name} is missing`);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) if (name in value) wrong.push(...misfits(root, inner, value[name], `${at}.${name}`));
  }
  return wrong;
}

test('the command line runs an incident', async t => {
  const rig = await Rig.start(t);
  const { tocsin } = rig;
  const step = story(t);
  const run = (...words) => command(tocsin, words);
  const good = async (...words) => {
    const told = await run(...words);
    assert.equal(told.code, 0, `tocsin ${words.join(' ')}: ${told.err}`);
    assert.equal(told.err, '');
    return told.out;
  };
  const bad = async (code, err, ...words) => assert.deepEqual(await run(...words), { code, out: '', err: `tocsin ${err}\n` });
  let number;

  await step('quiet at first', async () => {
    assert.equal(await good('incidents'), 'No incident is open.\n');
    assert.equal(await good('alerts'), 'No alert is firing.\n');
    assert.match(await good('oncall'), /^There is no escalation policy: nobody would be paged\.\n\nNobody is paged for default: /);
    assert.match(await good('services'), /^NAME +PAGES BY +ALERTS +INCIDENTS +ID\ndefault +- +0 +0 +svc_/);
  });

  await step('people', async () => {
    assert.match(await good('user', 'add', '--role', 'responder', 'bob@example.org', 'Bob', 'Ross'), /^Bob Ross added: bob@example\.org, responder \(usr_\w+\)\n$/);
    await bad(65, 'user add: role: must be one of viewer, responder, manager, admin', 'user', 'add', '--role', 'boss', 'x@example.org', 'X');
    assert.match(await good('user', 'disable', 'BOB@example.org'), /^Bob Ross disabled/);
    assert.match(await good('user', 'list'), /\nBob Ross +bob@example\.org +responder +yes /);
    assert.match(await good('user', 'enable', 'bob ross'), /^Bob Ross enabled/);
    assert.match(await good('user', 'edit', 'me', '--zone', 'Europe/Berlin'), /^Ada Lovelace changed/);
    await bad(65, 'user edit: person: there is no nobody; there is: Ada Lovelace, Bob Ross', 'user', 'edit', 'nobody', '--name', 'X');
    await bad(65, 'user edit: nothing to change: give --name, --email, --role or --zone', 'user', 'edit', 'me');
  });

  await step('a policy answers for a service', async () => {
    const bob = (await tocsin.get('/people')).items.find(p => p.name === 'Bob Ross');
    const policy = await tocsin.addPolicy('payments on-call', [[0, bob.id], [300, bob.id]]);
    await tocsin.post(`/services/${(await tocsin.defaultService()).id}`, { policy_id: policy.id });
    const lines = (await good('oncall')).split('\n');
    assert.match(lines[0], /^POLICY +STEP +AFTER +WHO/);
    assert.match(lines[1], /^payments on-call +1 +at once +Bob Ross$/);
    assert.match(lines[2], /^ +2 +5m +Bob Ross$/);
    await good('user', 'disable', 'Bob Ross');
    assert.match(await good('oncall'), / Bob Ross +cannot be reached\n/);
    assert.match(await good('oncall'), /\nNobody is paged for default: nobody its escalation policy names can be reached\n/);
    await good('user', 'enable', 'Bob Ross');
  });

  await step('declare', async () => {
    await bad(65, 'declare: title: must not be empty', 'declare', '');
    await bad(65, 'declare: service: there is no nope; there is: default', 'declare', '--service', 'nope', 'x');
    await bad(65, 'declare: severity: is not a severity of the policy pack sev', 'declare', '--severity', 'SEV9', 'x');
    const told = await good('declare', '--severity', 'SEV2', '--service', 'Default', '--started-at', '20m', '--no-page', 'Card', 'payments', 'fail', '決済');
    const [first, second] = told.split('\n');
    [number] = /INC-\d{8}-\d{3,}/.exec(first);
    assert.equal(first, `${number} declared: SEV2, investigating, Card payments fail 決済`);
    assert.match(second, new RegExp(`^${tocsin.url}/incidents/inc_\\w+$`));
    const { open: [row] } = await tocsin.get('/incidents');
    assert.equal(row.number, number);
    assert.ok(Math.abs(Date.now() - Date.parse(row.started_at) - 20 * 60_000) < 60_000);
    assert.match(await good('incidents'), new RegExp(`\\n${number}  SEV2 +investigating +\\S+ \\(20m ago\\) +- +Card payments fail 決済\\n$`));
  });

  await step('work on it', async () => {
    assert.match(await good('ack', number, 'looking'), new RegExp(`^${number} acknowledged: `));
    assert.match(await good('note', number, '--at', '10m', 'Rolled', 'back'), / noted: /);
    assert.equal((await command(tocsin, ['note', number, '-', '--update'], { input: 'still\nfailing\n' })).code, 0);
    assert.match(await good('note', number, '--decision', 'Route to acquirer A'), / decided: /);
    assert.match(await good('status', number, 'mitigating', 'traffic moves'), / moved: SEV2, mitigating, /);
    assert.match(await good('severity', number, 'SEV1', 'refunds', 'too'), / reassessed: SEV1, /);
    assert.match(await good('role', number, 'commander', 'me'), / has a commander now: /);
    assert.match(await good('role', number, 'scribe', 'Bob Ross'), / has a scribe now: /);
    assert.match(await good('role', number, 'scribe', '--nobody'), / has no scribe now: /);
    const incident = await tocsin.get(`/incidents/${number}`);
    assert.equal(incident.commander.name, 'Ada Lovelace');
    const rolled = incident.events.find(e => e.text === 'Rolled back');
    assert.ok(rolled.backdated);
    assert.equal(incident.events.find(e => e.kind === 'update').text.trim(), 'still\nfailing');
    assert.match(await good('note', number, '--corrects', String(rolled.number), 'Rolled forward'), / noted: /);
    await bad(65, 'note: corrects: there is no entry 999', 'note', number, '--corrects', '999', 'x').catch(error => {
      if (!/tocsin note: .*\n/.test(error.actual?.err ?? '')) throw error; // the words are the server's
    });
    const unverified = await run('resolve', number, 'Graphs', 'are', 'flat');
    assert.equal(unverified.code, 75);
    assert.match(unverified.err, /not verified yet: it has to stay well in monitoring for 30 min/);
    assert.match(await good('resolve', number, '--cause', 'release 4.118', '--waive', 'the region is off', 'Graphs', 'are', 'flat'), / resolved: SEV1, resolved, /);
    assert.equal((await tocsin.get(`/incidents/${number}`)).cause, 'release 4.118');
    const again = await run('status', number, 'mitigating');
    assert.equal(again.code, 75, 'a transition that does not exist is a conflict');
  });

  await step('read it again', async () => {
    assert.equal(await good('incidents'), 'No incident is open.\n');
    assert.match(await good('incidents', '--all'), new RegExp(`\\n${number} +SEV1 +resolved `));
    assert.match(await good('incidents', '--find', 'CARD PAYMENTS'), new RegExp(`\\n${number} `));
    assert.equal(await good('incidents', '--find', 'nothing like it'), 'No incident has these words in its number or title.\n');
    const page = await good('incidents', number);
    assert.match(page, new RegExp(`^${number}  SEV1  resolved\nCard payments fail 決済\n\n`));
    assert.match(page, /\nCause +release 4\.118\n/);
    assert.match(page, /\nRoles\nROLE +HELD BY +NAME\ncommander +Ada Lovelace +Incident commander\n/);
    const timeline = page.slice(page.indexOf('\nTimeline\n'));
    assert.ok(timeline.indexOf(' declared ') < timeline.indexOf(' resolved '), 'the newest entry is last');
    assert.ok(!page.includes('\x1b'), 'colours went into a pipe');
    await bad(69, 'incidents: INC-20200101-001: no such incident', 'incidents', 'INC-20200101-001');
    await bad(69, 'ack: INC-20200101-001: no such incident', 'ack', 'INC-20200101-001');
  });

  await step('alerts, with what senders write', async () => {
    const sent = await fetch(`${tocsin.alertmanager}/api/v2/alerts`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'DiskFull', severity: 'critical' }, annotations: { summary: 'disk \x1b[2Jgone' } },
        { labels: { alertname: 'Slow', severity: 'warning' } }]) });
    assert.equal(sent.status, 200);
    const all = await good('alerts');
    assert.match(all, /\ncritical +DiskFull +default .* disk \ufffd\[2Jgone\n/);
    assert.match(all, /\nwarning +Slow /);
    const some = await good('alerts', '--filter', 'severity="critical"');
    assert.ok(some.includes('DiskFull') && !some.includes('Slow'));
    assert.equal(await good('alerts', '--filter', 'severity="none"'), 'No alert matches.\n');
    assert.equal((await run('alerts', '--filter', 'severity=~"("')).code, 65);
    assert.match(await good('alerts', '--limit', '1'), /There are more: raise --limit, or narrow them down with --filter\.\n$/);
  });

  await step('JSON is what the API says, byte for byte', async () => {
    const answer = await fetch(`${tocsin.url}/services?limit=500`, { headers: { Accept: 'application/json', Authorization: `Bearer ${tocsin.token}` } });
    assert.equal(await good('services', '--json'), `${await answer.text()}\n`);
  });

  await step('tokens', async () => {
    const token = (await good('token', 'add', '--expires-in', '90d', 'CI', 'job')).trim();
    assert.match(token, /^tocsin_\w+$/);
    assert.match(await good('token', 'list'), new RegExp(`\\nCI job +${token.slice(-4)} .* \\(in 90d\\) `));
    assert.equal((await command(tocsin, ['alerts'], { env: { TOCSIN_TOKEN: token } })).code, 0);
    assert.equal(await good('token', 'remove', 'ci job'), 'Removed. What used it is locked out from now on.\n');
    const out = await command(tocsin, ['alerts'], { env: { TOCSIN_TOKEN: token } });
    assert.equal(out.code, 77);
    assert.match(out.err, /^tocsin alerts: this API token is not known, or has expired \(/);
    const none = await command(tocsin, ['alerts'], { env: { TOCSIN_TOKEN: '' } });
    assert.equal(none.code, 77);
    assert.match(none.err, /tokens are read from --token, \$TOCSIN_TOKEN, ~\/\.config\/tocsin\/token/);
  });

  await step('a viewer may look and nothing else', async () => {
    const viewer = JSON.parse(await good('user', 'add', '--json', '--role', 'viewer', 'eve@example.org', 'Eve'));
    const token = (await good('token', 'add', '--person', viewer.id, 'looking')).trim();
    assert.equal((await command(tocsin, ['incidents'], { env: { TOCSIN_TOKEN: token } })).code, 0);
    const told = await command(tocsin, ['declare', 'x'], { env: { TOCSIN_TOKEN: token } });
    assert.deepEqual(told, { code: 77, out: '', err: 'tocsin declare: this needs the role responder; you are viewer\n' });
  });

  await step('a server says what its program says', async () => {
    const served = await (await fetch(`${tocsin.url}/openapi.json`)).json();
    assert.deepEqual(served, JSON.parse(await good('openapi')));
  });

  await step('a backup opens, and its chains hold', async () => {
    const copy = join(rig.folder, 'copy.db');
    const backup = ['backup', copy, '--data', tocsin.data];
    assert.match(await good(...backup), /^Copied to /);
    assert.ok(statSync(copy).size > 0);
    assert.match(await good('verify', '--data', tocsin.data), /^\d+ events checked, every chain holds\.\n$/);
    await bad(75, `backup: ${copy} exists already; a backup never overwrites`, ...backup);
  });
});

test('the answers are as described', async t => {
  const { tocsin } = await Rig.start(t);
  const api = await (await fetch(`${tocsin.url}/openapi.json`)).json();
  const person = await tocsin.addPerson('Bob Ross', 'bob@example.org');
  const policy = await tocsin.addPolicy('on-call', [[0, person.id]]);
  const service = await tocsin.post('/services', { name: 'checkout', policy_id: policy.id });
  const webhook = await tocsin.post('/webhooks', { name: 'chat', url: 'https://hooks.example.org/x' });
  const incident = await tocsin.post('/incidents', { title: 'Card payments fail', severity: 'SEV1', service_id: service.id });
  await fetch(`${tocsin.alertmanager}/api/v2/alerts`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'DiskFull', severity: 'critical' } }]) });
  const alert = (await tocsin.get('/alerts')).firing_alerts[0];
  await tocsin.post(`/people/${person.id}/tokens`, { name: 'x' });
  await tocsin.post(`/incidents/${incident.id}/resolve`, { waive: 'a test' });
  const postmortem = await tocsin.post(`/incidents/${incident.id}/postmortem`);
  const ids = { incidents: incident.id, alerts: alert.id, people: person.id, policies: policy.id, services: service.id,
    webhooks: webhook.id, postmortems: postmortem.id, packs: 'sev' };
  const make = async (collection, body, at = collection) => { ids[collection] = (await tocsin.post(`/${at}`, body)).id; };
  await make('changes', { title: 'checkout 4.118' });
  await make('runbooks', { body: '# Disk is full\n\n1. Look' });
  await make('admin/status/components', { name: 'Checkout' });
  await make('admin/status/pages', { slug: 'main', title: 'Status' });
  await make('admin/status/notices', { title: 'It was out', status: 'resolved', text: 'It is over.' }, `incidents/${incident.id}/public`);

  const wrong = [];
  let checked = 0;
  for (const [path, { get }] of Object.entries(api.paths)) {
    const schema = get?.responses['200'].content['application/json']?.schema;
    const id = ids[path.slice(1).split('/{id}')[0]];
    if (!schema || path === '/a/{token}' || path.replace('{id}', '').includes('{') || (path.includes('{id}') && !id)) continue;
    const answer = await fetch(tocsin.url + path.replace('{id}', id), { headers: { Accept: 'application/json', Authorization: `Bearer ${tocsin.token}` } });
    assert.equal(answer.status, 200, `${path}: ${answer.status}`);
    wrong.push(...misfits(api, schema, await answer.json(), `GET ${path}: $`));
    checked++;
  }
  assert.ok(checked >= 20, `only ${checked} addresses were asked`);
  assert.deepEqual(wrong, []);

  const problem = await fetch(`${tocsin.url}/incidents`, { method: 'POST', body: '{"title":""}',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${tocsin.token}` } });
  assert.equal(problem.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(misfits(api, api.components.schemas.Problem, await problem.json()), []);
});

test('a token kept in its file is enough', async t => {
  const { tocsin } = await Rig.start(t);
  mkdirSync(join(tocsin.rig.folder, '.config/tocsin'), { recursive: true });
  const file = join(tocsin.rig.folder, '.config/tocsin/token');
  writeFileSync(file, `${tocsin.token}\n`, { mode: 0o600 });
  assert.equal(readFileSync(file, 'utf8').length, tocsin.token.length + 1);
  assert.equal((await command(tocsin, ['incidents'], { env: { TOCSIN_TOKEN: '' } })).out, 'No incident is open.\n');
});

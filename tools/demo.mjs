// Fills an empty server with a believable company, through the public API and nothing else: people, services, escalation
// policies, routes, half a year of incidents with their reviews, and three incidents that are open right now.
//
//   node tools/demo.mjs URL TOKEN INTEGRATION_KEY
//
// TOKEN is an administrator's API token, INTEGRATION_KEY a service's key for alerts; `tocsin init` prints both. The same run
// makes the same company (names, texts, durations); only the dates move with the clock. Everything here is invented: the company
// Fernway sells groceries, and its addresses end in .example, where no mail can arrive.
import { people, policies, routes, scenarios, services, webhook } from './demo_company.mjs';

const [origin, adminToken, integrationKey] = process.argv.slice(2);
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const PAST = 45, HISTORY = 178 * DAY;
const now = Date.now();

class Refused extends Error {}

async function call(method, path, body, token = adminToken) {
  const response = await fetch(new URL(path, origin), {
    method, body: body && JSON.stringify(body), redirect: 'error',
    headers: { Accept: 'application/json', Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
  });
  const text = await response.text();
  const answer = text && response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  if (response.ok) return answer;
  const fields = (answer.errors ?? []).map(e => `${e.field} ${e.message}`).join('; ');
  throw new Refused(`${method} ${path}: ${response.status} ${answer.detail ?? ''} ${fields}`.trim());
}
const get = (path, token) => call('GET', path, undefined, token);
const post = (path, body, token) => call('POST', path, body ?? {}, token);

// Always the same sequence (mulberry32), so that the company is always the same one.
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = generator(20260407);
const pick = list => list[Math.floor(random() * list.length)];
const between = (low, high) => low + random() * (high - low);
// Times to repair have a long right tail: most are near the middle, a few take very long.
const skewed = middle => middle * Math.exp((random() + random() + random() - 1.5) * 0.9);
const iso = at => new Date(Math.round(at / 1000) * 1000).toISOString();
const day = at => iso(at).slice(0, 10);

async function refuseFilled() {
  const [known, found] = await Promise.all([get('/people'), get('/services')]);
  if (known.items.length > 1 || found.items.length > 1)
    throw new Refused(`this server has ${known.items.length} people and ${found.items.length} services already; `
      + 'the demo only fills an empty one, so that it never mixes with real data');
  return known.items[0];
}

// Everybody gets an API token for the time of this script, so that the timeline shows who did what.
async function hire() {
  const staff = new Map();
  for (const p of people) {
    const { id } = await post('/people', { name: p.name, email: p.email, role: p.role, zone: p.zone });
    const token = await post(`/people/${id}/tokens`, { name: 'demo', expires_at: iso(now + HOUR) });
    staff.set(p.key, { ...p, id, token: token.token, tokenId: token.id });
  }
  return staff;
}

async function leave(staff) {
  for (const p of staff.values()) await post(`/people/${p.id}/tokens/${p.tokenId}/remove`);
}

async function build(staff, admin) {
  const hook = await post('/webhooks', webhook);
  const target = key => key === 'webhook' ? { kind: 'webhook', id: hook.id } : { kind: 'user', id: key === 'you' ? admin.id : staff.get(key).id };
  const made = { policies: new Map(), services: new Map() };
  for (const p of policies) {
    const steps = p.steps.map(([delay, ...keys]) => ({ delay, targets: keys.map(target) }));
    const { id } = await post('/policies', { name: p.name, description: p.description, repeat: p.repeat, steps });
    made.policies.set(p.key, id);
  }
  for (const { key, policy, sender, ...s } of services) {
    const { id } = await post('/services', { ...s, policy_id: made.policies.get(policy) });
    made.services.set(key, { id, name: s.name });
    if (sender) await post(`/services/${id}/keys`, { name: sender });
  }
  // What no route claims lands on the service that `tocsin init` made.
  const { items } = await get('/services');
  await post(`/services/${items.find(s => ![...made.services.values()].some(m => m.id === s.id)).id}`, { policy_id: made.policies.get('hours') });
  for (const [service, matchers, severity] of routes)
    await post(`/services/${made.services.get(service).id}/routes`, { matchers, ...(severity && { severity }) });
  return made;
}

// --- half a year of incidents ---

const SPEED = { // minutes in the middle: to detect, to acknowledge, to restore
  SEV1: [3, 2.2, 48], SEV2: [4, 3.2, 75], SEV3: [6, 6, 140], SEV4: [8, 9, 320],
};

// When things break: mostly on working days, mostly when people shop or ship. Never within the last two days.
function moments() {
  const list = [];
  while (list.length < PAST) {
    const at = now - 2 * DAY - Math.floor(random() * (HISTORY - 2 * DAY));
    const date = new Date(at), busy = date.getUTCHours() >= 6 && date.getUTCHours() <= 20, weekend = date.getUTCDay() % 6 === 0;
    if (random() < (busy ? 1 : 0.25) * (weekend ? 0.35 : 1)) list.push(at);
  }
  return list.sort((a, b) => a - b);
}

// Each kind of trouble comes back now and then, but never twice in a row.
function* troubles() {
  for (;;) {
    const deck = scenarios.map(s => [random(), s]).sort((a, b) => a[0] - b[0]);
    for (const [, s] of deck) yield s;
  }
}

const fill = (text, words) => text.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);

async function record(at, scenario, company, staff) {
  const words = Object.fromEntries(Object.entries(scenario.words ?? {}).map(([k, list]) => [k, pick(list)]));
  const severity = pick(scenario.severities);
  // Two thirds of the time at the end of what they needed at its beginning: the team learns.
  const learned = 1 - 0.36 * (at - (now - HISTORY)) / HISTORY;
  const [detect, acknowledge, restore] = SPEED[severity].map(m => skewed(m) * learned * MINUTE);
  const detected = at + detect, acknowledged = detected + acknowledge, over = detected + acknowledge + restore;
  const team = scenario.team.map(key => staff.get(key)), lead = pick(team), mate = pick(team.filter(p => p !== lead));
  const service = company.services.get(scenario.service);
  const i = await post('/incidents', {
    title: fill(scenario.title, words), severity, service_id: service.id, summary: fill(scenario.summary, words),
    impact_text: fill(scenario.impact, words), started_at: iso(at), detected_at: iso(detected), acknowledged_at: iso(acknowledged),
  }, lead.token);
  const steps = scenario.notes.length;
  for (const [k, [kind, text]] of scenario.notes.entries()) {
    const share = (k + between(0.2, 0.8)) / (steps + 0.5);
    const who = k % 2 ? mate : lead;
    await post(`/incidents/${i.id}/notes`, { kind, text: fill(text, words), at: iso(acknowledged + share * restore) }, who.token);
  }
  const cause = fill(scenario.cause, words);
  const resolved = await post(`/incidents/${i.id}/resolve`, { text: fill(scenario.proof, words), cause, at: iso(over) }, lead.token);
  return { ...resolved, scenario, words, lead, mate, over };
}

// The blanks of the draft, filled in; what the draft took from the timeline stays.
function write(body, { scenario, words }) {
  const whys = [...scenario.whys], lists = [scenario.well, scenario.poorly, scenario.lucky];
  return body
    .replace(/^(\d\. .+?\?) _…_$/gm, (line, question) => whys.length ? `${question} ${fill(whys.shift(), words)}` : '')
    .replace(/^- _…_$/gm, () => lists.shift().map(text => `- ${fill(text, words)}`).join('\n'))
    .replace('_how many?_', scenario.users ?? 'not measured').replace('_if any_', 'none that we could measure').replace(/\n{3,}/g, '\n\n');
}

async function review(incident, state, staff) {
  const pm = await post(`/incidents/${incident.id}/postmortem`, {}, incident.lead.token);
  const whole = await get(`/postmortems/${pm.id}`);
  if (state === 'untouched') return;
  for (const [k, [title, key, priority]] of incident.scenario.actions.entries()) {
    const due = incident.over + (14 + 14 * k) * DAY, done = state === 'complete' && (due < now - 10 * DAY || k === 0);
    await post(`/postmortems/${pm.id}/actions`, {
      title: fill(title, incident.words), owner_id: staff.get(key).id, priority, due_on: day(due), status: done ? 'done' : pick(['open', 'in_progress']),
    }, incident.lead.token);
  }
  await post(`/postmortems/${pm.id}`, {
    title: whole.title, body: write(whole.body, incident), status: state, version: whole.version,
  }, incident.mate.token);
}

async function remember(company, staff) {
  const deck = troubles(), past = [];
  for (const at of moments()) past.push(await record(at, deck.next().value, company, staff));
  const owing = past.filter(i => i.postmortem_id);
  for (const [k, i] of owing.entries()) {
    const left = owing.length - k;
    await review(i, left === 1 ? 'untouched' : left === 2 || left === 5 ? 'draft' : left === 3 ? 'in_review' : 'complete', staff);
  }
  return past.length;
}

// --- right now ---

const alert = (name, labels, annotations, minutes) => ({
  labels: { alertname: name, ...labels }, annotations, startsAt: iso(now - minutes * MINUTE),
  generatorURL: `https://prometheus.fernway.example/graph?g0.expr=${name}`,
});
const send = alerts => post(`/in/${integrationKey}/api/v2/alerts`, alerts);
const over = alerts => alerts.map(a => ({ ...a, endsAt: iso(Date.now() - 1000) }));

// What the alerts opened, once the server has said so.
async function opened(title) {
  const { open } = await get('/incidents');
  const found = open.find(i => i.title === title);
  if (!found) throw new Refused(`the alert "${title}" opened no incident`);
  return found.id;
}

async function checkoutBurns(company, staff) {
  const [lead, payments, scribe, voice] = ['noor', 'mateo', 'ines', 'ruth'].map(k => staff.get(k));
  const at = minutes => iso(now - minutes * MINUTE);
  const { id } = await post('/incidents', {
    title: 'Card payments fail at checkout in every country', severity: 'SEV1', service_id: company.services.get('payments').id,
    summary: 'Since the release of 14 the payment service answers one charge in three with a time-out. Baskets are kept; customers see "try again".',
    impact_text: 'A third of the orders cannot be paid. Cash on delivery works.', started_at: at(41), detected_at: at(38), acknowledged_at: at(36.5),
  }, lead.token);
  const said = (minutes, who, text, kind = 'note') => post(`/incidents/${id}/notes`, { text, kind, at: at(minutes) }, who.token);
  await said(35, payments, 'Error rate of `POST /charge` went from 0.2 % to **31 %** at the deployment. Time-outs only, no refusals.');
  await said(31, payments, 'The connection pool to the card processor is exhausted: 40 of 40 in use, 900 waiting.');
  await said(29, scribe, 'Customer care counts 212 calls in the last quarter of an hour. They offer cash on delivery.');
  await said(26, lead, 'We roll back rather than raise the pool: nobody knows yet what holds the connections.', 'decision');
  await said(18, payments, 'Rolled back in Frankfurt. Errors there are at 4 % and falling; Lisbon follows.');
  for (const [role, who] of [['commander', lead], ['responder', payments], ['scribe', scribe], ['communications', voice]])
    await post(`/incidents/${id}/roles`, { role, user_id: who.id }, lead.token);
  for (const key of ['checkout', 'mobile']) await post(`/incidents/${id}/services`, { service_id: company.services.get(key).id }, lead.token);
  await post(`/incidents/${id}/impact`, {
    impact_users: 18400, impact_percent: 31, impact_revenue: '9 500 EUR per hour',
    cause: 'The release of 14 opens a second connection per charge and never returns it when the processor is slow.',
    actions_now: 'Roll back in both regions (Mateo). Keep the basket service from retrying (Ines).',
    next_decision: 'At the next update: reopen card payments for everybody, or keep cash on delivery in Lisbon.',
  }, lead.token);
  await post(`/incidents/${id}/status`, { status: 'mitigating', text: 'Rolling back region by region.' }, lead.token);
  await said(0, voice, 'Status page: "Card payments work again for most customers. We are watching closely."', 'update');
  return id;
}

async function queueGrows(staff) {
  const lag = ['fra-1', 'fra-2', 'lis-1'].map((node, k) => alert('QueueLag', { service: 'warehouse', cluster: node.slice(0, 3), instance: node, severity: 'warning' },
    { summary: 'Orders reach the warehouse late', description: `${node} is ${9 + 3 * k} minutes behind.` }, 9 - 2 * k));
  await send(lag.slice(0, 2));
  const id = await opened('Orders reach the warehouse late');
  await send(lag);
  for (let k = 0; k < 4; k++) await send(lag.slice(0, 2)); // a sender repeats itself
  const lead = staff.get('tomasz');
  await post(`/incidents/${id}/acknowledge`, { reason: 'looking' }, lead.token);
  await post(`/incidents/${id}/severity`, { severity: 'SEV3', reason: 'Late, but nothing is lost; pickers have work for an hour.' }, lead.token);
  await post(`/incidents/${id}/roles`, { role: 'commander', user_id: lead.id }, lead.token);
  await post(`/incidents/${id}/notes`, { text: 'One consumer of three is restarting in a loop: out of memory since the new picture sizes.' }, lead.token);
}

async function andWhatNot() {
  const certificate = alert('CertificateExpiry', { service: 'identity', severity: 'warning', host: 'login.fernway.example' },
    { summary: 'The certificate of login.fernway.example ends in 5 days', runbook_url: 'https://wiki.fernway.example/runbooks/certificates' }, 6);
  const search = [1, 2].map(n => alert('SearchSlow', { service: 'search', cluster: 'fra', instance: `search-${n}`, severity: 'error' },
    { summary: 'Search answers slowly', description: 'The 99th percentile is above two seconds.' }, 4));
  const disk = alert('DiskAlmostFull', { team: 'platform', cluster: 'fra', instance: 'logs-2', severity: 'critical' },
    { summary: 'The log disk is full in two hours', description: '91 % used, 4 % more every half hour.' }, 3);
  await send([certificate, ...search]);
  await send(search);
  await send(over(search)); // over before anybody came: resolves by itself
  await send([disk, certificate]); // pages whoever set the server up
}

async function main() {
  if (!origin || !adminToken || !integrationKey) throw new Refused('usage: node tools/demo.mjs URL TOKEN INTEGRATION_KEY');
  const admin = await refuseFilled();
  const staff = await hire();
  const company = await build(staff, admin);
  const past = await remember(company, staff);
  const burning = await checkoutBurns(company, staff);
  await queueGrows(staff);
  await andWhatNot();
  await leave(staff);
  console.log(`${people.length} people, ${services.length} services, ${policies.length} policies, ${past} past incidents; open now: ${new URL(`/incidents/${burning}`, origin)}`);
}

try {
  await main();
} catch (error) {
  console.error(`demo: ${error instanceof Refused ? error.message : error.cause?.message ?? error.stack}`);
  process.exitCode = 1;
}

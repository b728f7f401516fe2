// Every page of the running product, on a desktop and on a phone, light and dark: accessible, not too wide, silent, small.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { closeBrowser, DESKTOP, PHONE, Rig, root, run, until } from './lib.mjs';

after(closeBrowser);

const KB = 1024;
const BUDGET = { page: 60 * KB, pageBr: 10 * KB, ack: 3 * KB, cssBr: 8 * KB, jsBr: 20 * KB };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
// For a person to look at: PICTURES=FOLDER test/e2e/run.sh …
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

// A company with something to show on every page, made through the API.
async function furnish(tocsin) {
  const post = (path, body) => tocsin.post(path, body);
  const ada = (await tocsin.get('/people')).items[0];
  const mara = await tocsin.addPerson('Mara Lindqvist', 'mara@example.org');
  const webhook = await post('/webhooks', { name: 'chat bridge', url: 'http://127.0.0.1:1/hook' });
  const policy = await tocsin.addPolicy('payments on-call', [[0, ada.id], [600, mara.id, webhook.id]]);
  await post('/policies', { name: 'nobody but the chat', target: webhook.id });
  await post('/packs', { id: 'team', from: 'sev', name: 'The way of our team' });
  const byDefault = await tocsin.defaultService();
  await post(`/services/${byDefault.id}`, { policy_id: policy.id, group_wait: '0s' });
  const service = await post('/services', { name: 'checkout', description: 'Takes the money. **Everybody** depends on it.', policy_id: policy.id });
  await post(`/services/${service.id}/keys`, { name: 'prometheus-eu' });
  await post(`/services/${service.id}/routes`, { matchers: 'team="payments", severity=~"critical|page"', severity: 'SEV1' });
  await post(`/people/${mara.id}/tokens`, { name: 'deploy script' });

  const alerts = [
    { labels: { alertname: 'QueueTooLong', instance: 'mq1', severity: 'critical', cluster: 'eu-central-1' }, annotations: { summary: 'Payment jobs pile up', description: 'More than 100 jobs wait.' } },
    { labels: { alertname: 'DiskFull', instance: 'a-host-with-a-very-long-name.eu-central-1.compute.internal.example.org', severity: 'warning' }, annotations: { summary: 'The disk is full' }, generatorURL: 'http://prometheus.example.org/graph?g0.expr=disk' },
    { labels: { alertname: 'CertificateExpires', severity: 'info' }, annotations: {} },
  ];
  const sent = await fetch(`${tocsin.alertmanager}/api/v2/alerts`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(alerts) });
  assert.equal(sent.status, 200);
  const open = (await until('incidents', async () => { const v = await tocsin.get('/incidents'); return v.open.length === 2 && v; })).open;
  const paged = open.find(i => i.title === 'Payment jobs pile up').id;
  const acked = open.find(i => i.title === 'The disk is full').id;
  await post(`/incidents/${acked}/acknowledge`);
  await post(`/incidents/${acked}/notes`, { text: 'Some `logs` were kept **for ever**:\n\n- access\n- audit\n\n<https://runbooks.example.org/disk>' });
  await post(`/incidents/${acked}/impact`, { impact_text: 'Uploads fail', impact_users: 1234, impact_percent: 12 });
  await post('/audiences/users/subscribers', { address: 'customer@example.com' });
  await post(`/incidents/${acked}/updates`, { audience: 'responders', summary: 'The old logs are gone', since: 'Found 40 GB of logs', next_steps: 'Rotate them @Ada', publish: true });
  await post(`/incidents/${acked}/updates`, { audience: 'users', service: 'Uploads', summary: 'Uploads fail for some' });
  const over = await post('/incidents', { title: 'Nobody can sign in', severity: 'SEV1', service_id: service.id, page: false, impact_text: 'All users of the web shop' });
  await post(`/incidents/${over.id}/notes`, { text: 'Rolled back to 812', kind: 'decision' });
  const { postmortem_id: postmortem } = await post(`/incidents/${over.id}/resolve`, { text: 'Sign-ins are back', cause: 'Deploy 813', waive: 'A test cannot wait' });
  await post(`/incidents/${over.id}/roles`, { role: 'commander', user_id: mara.id });
  await post(`/postmortems/${postmortem}/actions`, { title: 'Test sign-in before a deploy', owner_id: mara.id, priority: 'P1', due_on: '2020-01-31' });
  await post(`/postmortems/${postmortem}/actions`, { title: 'Alert on failed sign-ins', priority: 'P2' });
  // What an incident's rooms show when there is something in them.
  const change = await post('/changes', { title: 'checkout 4.118', kind: 'deployment', service_id: service.id, version: '4.118' });
  await post(`/incidents/${acked}/severity`, { severity: 'SEV1', reason: 'Nobody can pay' });
  await post(`/incidents/${acked}/services`, { service_id: service.id });
  await post(`/incidents/${acked}/hypotheses`, { text: 'The pool is exhausted', likelihood: 4, impact: 5 });
  await post(`/incidents/${acked}/class`, { class: 'data' });
  const update = await post(`/incidents/${acked}/updates`, { audience: 'responders', summary: 'We free the pool' });
  const runbook = await post('/runbooks', { body: '# Disk is full\n\n1. Look\n\n```sh\ndf -h\n```\n\nExpected: below 90 %\n' });
  const component = await post('/admin/status/components', { name: 'Checkout' });
  const site = await post('/admin/status/pages', { slug: 'main', title: 'Status of everything' });
  const notice = await post(`/incidents/${over.id}/public`, { title: 'Nobody could sign in', status: 'resolved', text: 'It is over.' });
  const { items } = await tocsin.get('/alerts');
  return { ada, mara, policy, service, paged, acked, over: over.id, postmortem, change, update, runbook, component, site, notice, alert: items.find(a => a.name === 'DiskFull').id };
}

// An address for every GET route: a new one must be added here. null: not for people.
function addresses(w) {
  return {
    '/': [], '/a/{token}': [], '/setup/{token}': [], '/signin': ['/signin'],
    '/admin': ['/admin'], '/admin/design': ['/admin/design'],
    '/alerts': ['/alerts', '/alerts?state=resolved', '/alerts?q=alertname%3D%22DiskFull%22'], '/alerts/{id}': [`/alerts/${w.alert}`],
    '/incidents': ['/incidents', '/incidents?q=disk'], '/incidents/new': ['/incidents/new'],
    '/incidents/{id}': [`/incidents/${w.paged}`, `/incidents/${w.acked}`, `/incidents/${w.over}`], '/incidents/{id}/timeline': [`/incidents/${w.acked}/timeline`],
    '/incidents/{id}/brief': [`/incidents/${w.acked}/brief`, `/incidents/${w.over}/brief`, `/incidents/${w.paged}/brief`], '/incidents/{id}/brief/markdown': null,
    '/insights': ['/insights'], '/oncall': ['/oncall'], '/reviews': ['/reviews'],
    '/admin/status': ['/admin/status'], '/admin/status/components/{id}': [`/admin/status/components/${w.component.id}`],
    '/admin/status/notices/{id}': [`/admin/status/notices/${w.notice.id}`], '/admin/status/pages/{id}': [`/admin/status/pages/${w.site.id}`],
    '/admin/war-room': ['/admin/war-room'], '/incidents/{id}/roles': null, '/incidents/{id}/scribe': [`/incidents/${w.acked}/scribe`], '/r/{token}': [],
    '/changes': ['/changes'], '/changes/{id}': [`/changes/${w.change.id}`], '/incidents/{id}/evidence/{evidence}': null,
    '/runbooks': ['/runbooks'], '/runbooks/new': ['/runbooks/new'], '/runbooks/{id}': [`/runbooks/${w.runbook.id}`], '/runbooks/{id}/edit': [`/runbooks/${w.runbook.id}/edit`],
    '/status/{page}': ['/status/main'], '/status/{page}/incidents/{id}': [`/status/main/incidents/${w.notice.id}`], '/status/{page}/history/{month}': [],
    '/status/{page}/api/v2/{file}': null, '/status/{page}/api/v2/{folder}/{file}': null, '/status/{page}/{file}': null,
    '/status/{page}/subscribe': ['/status/main/subscribe'], '/status/{page}/confirm/{token}': [], '/status/{page}/unsubscribe/{token}': [],
    '/audiences': ['/audiences'], '/incidents/{id}/updates': [`/incidents/${w.acked}/updates`], '/incidents/{id}/updates/new': [`/incidents/${w.acked}/updates/new?audience=users`],
    '/incidents/{id}/updates/{update}': [`/incidents/${w.acked}/updates/${w.update.id}`],
    '/packs': ['/packs'], '/packs/compare': ['/packs/compare?a=sev&b=p0-p4'], '/packs/{id}': ['/packs/manager', '/packs/ics-ru', '/packs/team'],
    '/packs/{id}/edit': ['/packs/team/edit'], '/packs/{id}/yaml': null,
    '/people': ['/people'], '/people/{id}': [`/people/${w.ada.id}`, `/people/${w.mara.id}`], '/people/{id}/tokens': null,
    '/policies': ['/policies'], '/policies/{id}': [`/policies/${w.policy.id}`],
    '/postmortems/{id}': [`/postmortems/${w.postmortem}`], '/postmortems/{id}/edit': [`/postmortems/${w.postmortem}/edit`], '/postmortems/{id}/markdown': null,
    '/audiences': ['/audiences'], '/incidents/{id}/updates': [`/incidents/${w.acked}/updates`], '/incidents/{id}/updates/new': [`/incidents/${w.acked}/updates/new?audience=users`, `/incidents/${w.acked}/updates/new?audience=responders`],
    '/incidents/{id}/updates/{update}': [`/incidents/${w.acked}/updates/responders-1`, `/incidents/${w.acked}/updates/users-1`],
    '/services': ['/services'], '/services/{id}': [`/services/${w.service.id}`], '/webhooks': ['/webhooks'],
    '/healthz': null, '/me': null, '/metrics': null, '/openapi.json': null, '/readyz': null, '/routes': null, '/stream': null,
  };
}

// The bytes as they travel, with their encoding.
const fetchRaw = (url, headers) => new Promise((done, failed) => get(url, { headers }, response => {
  const chunks = [];
  response.on('data', d => chunks.push(d)).on('end', () => done({ headers: response.headers, body: Buffer.concat(chunks) }));
}).on('error', failed));

async function inspect(rig, page, path, { width, theme }) {
  const problems = [];
  const at = `${path} ${width.width} px ${theme}`;
  const wide = async state => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) problems.push(`${at}${state}: ${over} px too wide`);
  };
  // Tall enough that the bar at the lower edge of a phone covers nothing.
  const stretch = async () => page.setViewportSize({ width: width.width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  const check = async state => {
    const only = theme === 'dark' && width === DESKTOP ? { type: 'rule', values: ['color-contrast'] } : { type: 'tag', values: RULES };
    const { violations } = await page.evaluate(runOnly => axe.run({ runOnly }), only);
    for (const v of violations) problems.push(`${at}${state}: axe ${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
  };
  await page.setViewportSize(width);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  rig.complaints.length = 0;
  const answer = await page.goto(path);
  const expected = path === '/no-such-page' ? 404 : 200;
  if (answer.status() !== expected) problems.push(`${at}: status ${answer.status()}`);
  if (pictures) await page.screenshot({ path: join(pictures, `${path.replace(/\W+/g, '_').slice(1, 60) || 'root'}-${width.width}-${theme}.png`), fullPage: true });
  await wide('');
  await stretch();
  await page.evaluate(axe);
  await check('');
  if (await page.evaluate(() => document.querySelectorAll('details:not(.menu, .me)').length)) {
    await page.evaluate(() => {
      document.querySelectorAll('details:not(.menu, .me, .act)').forEach(d => { d.open = true; });
      document.querySelector('details.act')?.setAttribute('open', '');
    });
    await wide(', opened');
    await stretch();
    await check(', opened');
  }
  const html = await answer.body().catch(() => Buffer.alloc(0));
  const br = brotliCompressSync(html).length;
  if (html.length > (path.startsWith('/a/') ? BUDGET.ack : BUDGET.page) || br > BUDGET.pageBr) problems.push(`${at}: ${html.length} bytes, ${br} compressed`);
  for (const c of rig.complaints) if (!(expected === 404 && /404/.test(c))) problems.push(`${at}: console: ${c}`);
  return { problems, size: html.length };
}

test('every page', async t => {
  const rig = await Rig.start(t, { needs: ['mail'] });
  const { tocsin } = rig;
  // Without the service worker every page comes from the server.
  const context = await rig.context({ serviceWorkers: 'block' });
  const page = await context.newPage();
  let world, link;
  const variants = [DESKTOP, PHONE].flatMap(width => ['light', 'dark'].map(theme => ({ width, theme })));
  // Both sizes and both themes on the page where people live; elsewhere the same parts make two of the four enough.
  const two = [variants[0], variants[3]];
  const look = async (s, path, signedOut = page) => {
    const problems = [];
    let size = 0;
    for (const v of path.startsWith('/incidents/') ? variants : two) {
      const seen = await inspect(rig, signedOut, path, v);
      problems.push(...seen.problems);
      size = Math.max(size, seen.size);
    }
    s.diagnostic(`${size} bytes`);
    assert.deepEqual(problems.filter(p => !/Service Worker registration blocked/.test(p)), []);
  };

  await t.test('the set-up page', s => look(s, new URL(tocsin.setupUrl).pathname));
  await t.test('a company to show', async () => {
    await rig.setUp(page);
    world = await furnish(tocsin);
    const mail = await until('the page', () => rig.mail.to(tocsin.email).find(m => m.headers.subject.includes('Payment jobs pile up')));
    link = new URL(/http:\S+\/a\/\S+/.exec(mail.text)[0]).pathname;
  });
  if (!world) return;
  const table = addresses(world);
  const only = process.env.ONLY; // of the addresses, while one works on some
  const routes = JSON.parse(run('routes', '--json')).filter(r => r.method === 'GET').map(r => r.path);
  await t.test('every route has an address here', () => assert.deepEqual(routes.filter(r => !(r in table)), []));
  for (const path of routes.flatMap(r => table[r] ?? [])) if (path !== '/signin' && (!only || path.includes(only))) await t.test(path.replace(/_01\w+/, '_…'), s => look(s, path));
  await t.test('a page that is not there', s => look(s, '/no-such-page'));

  const nobody = await (await rig.context({ serviceWorkers: 'block' })).newPage();
  await t.test('the acknowledge link', s => look(s, link, nobody));
  await t.test('the acknowledge link, used', async s => {
    await nobody.goto(link);
    await nobody.click('button');
    await look(s, link, nobody);
  });
  await t.test('sign in', s => look(s, '/signin', nobody));

  await t.test('what every page brings along is small', async s => {
    for (const [name, budget] of [['app.css', BUDGET.cssBr], ['app.js', BUDGET.jsBr]]) {
      const { headers, body } = await fetchRaw(`${tocsin.url}/assets/${name}`, { 'Accept-Encoding': 'br' });
      assert.equal(headers['content-encoding'], 'br');
      s.diagnostic(`${name}: ${body.length} bytes of ${budget}`);
      assert.ok(body.length <= budget);
    }
  });
});


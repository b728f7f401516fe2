// The public status page as its readers meet it: people with and without eyes for it, programs that know the Statuspage API,
// feed readers, calendars; and what is left of it when the core is gone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, Child, closeBrowser, databases, DESKTOP, freePort, lacking, PHONE, Rig, root, story, until } from './lib.mjs';

const require = createRequire(import.meta.url);
const { Statuspage } = require('statuspage.io');
const RssParser = require('rss-parser');
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const KB = 1024;

after(closeBrowser);

// A page with everything on it. Returns what was made.
async function fill(tocsin, title = 'Lumo Pay status', more = {}) {
  const page = await tocsin.post('/admin/status/pages', { slug: 'main', title, ...more });
  const group = await tocsin.post('/admin/status/components', { name: 'Payments', is_group: true, position: 1 });
  const part = (name, o = {}) => tocsin.post('/admin/status/components', { name, ...o });
  const cards = await part('Card payments – EU', { group_id: group.id, position: 2 });
  const wallets = await part('Wallets', { group_id: group.id, position: 3 });
  const api = await part('API', { description: 'api.example.org', position: 4 });
  const hidden = await part('Internal ledger', { shown: false });
  const incident = await tocsin.post('/incidents', { title: 'pg-prod-7 canaryword is on fire', severity: 'SEV1' });
  const say = (incident_, body) => tocsin.post(`/incidents/${incident_.id}/public`, body);
  const published = await say(incident, { title: 'Card payments fail', status: 'investigating', text: 'We are looking into it.',
    components: { [cards.id]: 'partial_outage', [api.id]: 'degraded_performance', [hidden.id]: 'major_outage' } });
  await say(incident, { status: 'identified', text: 'A **release**. We <b>roll</b> it back.', next_update_at: new Date(Date.now() + 36e5).toISOString() });
  const old = await tocsin.post('/incidents', { title: 'canaryword again', severity: 'SEV3' });
  await say(old, { title: 'Slow API', status: 'investigating', text: 'Slow.', components: { [api.id]: 'degraded_performance' } });
  const over = await say(old, { status: 'resolved', text: 'Over.' });
  await tocsin.post(`/admin/status/notices/${over.id}/postmortem`, { text: '## What happened\n\nA cache.' });
  const maintenance = await tocsin.post('/admin/status/maintenance', { title: 'Database upgrade; "v18", soon', text: 'Payments pause.',
    scheduled_for: new Date(Date.now() + 864e5).toISOString(), scheduled_until: new Date(Date.now() + 9e7).toISOString(), automatic: true,
    components: { [wallets.id]: 'under_maintenance' } });
  return { page, group, cards, wallets, api, hidden, incident, published, over, maintenance, say };
}

const keys = o => Object.keys(o).sort();
const PAGE = ['id', 'name', 'time_zone', 'updated_at', 'url'];
const COMPONENT = ['created_at', 'description', 'group', 'group_id', 'id', 'name', 'only_show_if_degraded', 'page_id', 'position', 'showcase', 'start_date', 'status', 'updated_at'];
const INCIDENT = ['components', 'created_at', 'id', 'impact', 'incident_updates', 'monitoring_at', 'name', 'page_id', 'resolved_at', 'shortlink', 'started_at', 'status', 'updated_at'];
const UPDATE = ['affected_components', 'body', 'created_at', 'custom_tweet', 'deliver_notifications', 'display_at', 'id', 'incident_id', 'status', 'tweet_id', 'updated_at'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

for (const database of databases) {
  test(`programs read the status, ${database}`, { skip: lacking(database) }, async t => {
    const rig = await Rig.start(t, { database });
    const { tocsin } = rig;
    const step = story(t);
    const made = await fill(tocsin);
    const file = async (path, options) => fetch(tocsin.url + path, options);
    await until('the snapshot has all of it', async () => (await (await file('/api/v2/summary.json')).json()).scheduled_maintenances?.length === 1);

    await step('a client of the Statuspage API', async () => {
      const client = new Statuspage('lumo');
      client.apiClient.defaults.baseURL = tocsin.url;
      const summary = await client.api.getSummary();
      assert.deepEqual(keys(summary), ['components', 'incidents', 'page', 'scheduled_maintenances', 'status']);
      assert.deepEqual(keys(summary.page), PAGE);
      assert.deepEqual(summary.status, { indicator: 'major', description: 'Partial System Outage' });
      assert.deepEqual((await client.api.getStatus()).status, summary.status);
      const { components } = await client.api.getComponents();
      for (const c of components) assert.deepEqual(keys(c).filter(k => k !== 'components'), COMPONENT);
      const by = Object.fromEntries(components.map(c => [c.name, c]));
      assert.deepEqual(Object.keys(by).sort(), ['API', 'Card payments – EU', 'Payments', 'Wallets']);
      assert.equal(by['Card payments – EU'].status, 'partial_outage');
      assert.equal(by.Payments.status, 'partial_outage');
      assert.deepEqual(by.Payments.components, [made.cards.id, made.wallets.id]);
      assert.equal(by.Wallets.group_id, made.group.id);
      assert.equal(by.Wallets.status, 'operational');

      const { incidents } = await client.api.incidents.getUnresolved();
      assert.equal(incidents.length, 1);
      assert.deepEqual(keys(incidents[0]), INCIDENT);
      assert.deepEqual([incidents[0].name, incidents[0].status, incidents[0].impact], ['Card payments fail', 'identified', 'critical']);
      assert.deepEqual(incidents[0].incident_updates.map(u => u.status), ['identified', 'investigating']);
      for (const u of incidents[0].incident_updates) {
        assert.deepEqual(keys(u), UPDATE);
        for (const k of ['created_at', 'updated_at', 'display_at']) assert.match(u[k], TIME);
      }
      assert.deepEqual(incidents[0].incident_updates[1].affected_components.find(c => c.code === made.cards.id),
        { code: made.cards.id, name: 'Card payments – EU', old_status: 'operational', new_status: 'partial_outage' });
      const all = (await client.api.incidents.getAll()).incidents;
      assert.deepEqual(all.map(i => i.status).sort(), ['identified', 'postmortem']);
      assert.equal(all.find(i => i.name === 'Slow API').incident_updates[0].status, 'postmortem');

      const [planned] = (await client.api.scheduledMaintenances.getUpcoming()).scheduled_maintenances;
      assert.deepEqual(keys(planned), [...INCIDENT, 'scheduled_for', 'scheduled_until'].sort());
      assert.deepEqual([planned.status, planned.impact], ['scheduled', 'maintenance']);
      assert.equal((await client.api.scheduledMaintenances.getAll()).scheduled_maintenances.length, 1);
      assert.deepEqual((await (await file('/api/v2/scheduled-maintenances/active.json')).json()).scheduled_maintenances, []);
    });

    await step('feeds, by another parser', async () => {
      for (const name of ['history.atom', 'history.rss']) {
        const answer = await file(`/${name}`);
        const text = await answer.text();
        assert.match(answer.headers.get('content-type'), /^application\/(atom|rss)\+xml/);
        const feed = await new RssParser().parseString(text);
        assert.equal(feed.title, 'Lumo Pay status');
        const titles = feed.items.map(i => i.title);
        for (const title of ['Card payments fail', 'Slow API', 'Database upgrade; "v18", soon']) assert.ok(titles.includes(title), `${name}: ${titles}`);
        const one = feed.items.find(i => i.title === 'Card payments fail');
        assert.match(one.content, /<strong>Identified<\/strong>/);
        assert.ok(!one.content.includes('<b>roll'), 'markup of the text is shown, not obeyed');
        assert.equal((await fetch(one.link)).status, 200);
        assert.ok(Number.isFinite(Date.parse(one.pubDate ?? one.isoDate)));
      }
    });

    await step('the calendar, by another parser', async () => {
      const { default: ICAL } = await import('ical.js');
      const answer = await file('/status/maintenance.ics');
      const text = await answer.text();
      assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8');
      for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
      const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent'));
      assert.equal(event.summary, 'Database upgrade; "v18", soon');
      assert.equal(event.uid.split('@')[0], made.maintenance.id);
      assert.equal(event.startDate.toJSDate().getTime(), Math.floor(Date.parse(made.maintenance.scheduled_for) / 1000) * 1000);
    });

    await step('caching, compression, foreign origins', async () => {
      const first = await file('/status/', { headers: { 'Accept-Encoding': 'gzip' } });
      assert.equal(first.headers.get('content-encoding'), 'gzip');
      assert.equal(first.headers.get('access-control-allow-origin'), '*');
      const again = await file('/status/', { headers: { 'If-None-Match': first.headers.get('etag'), 'Accept-Encoding': 'br' } });
      assert.ok([200, 304].includes(again.status));
      assert.equal((await file('/status', { redirect: 'manual' })).headers.get('location'), '/status/');
      for (const path of ['/status/nothing', '/status/main/incidents/pub_none', '/status/main/../main/index.json', '/status/stale/', '/status/index.json'])
        assert.equal((await file(path)).status, 404, path);
    });

    await step('nothing of the inside gets out', async () => {
      const month = new Date().toISOString().slice(0, 7);
      for (const path of ['/status/', `/status/history/${month}`, `/status/incidents/${made.published.id}`, '/api/v2/summary.json', '/api/v2/incidents.json',
        '/history.atom', '/history.rss', '/status/maintenance.ics']) {
        const text = await (await file(path)).text();
        for (const secret of ['canaryword', 'pg-prod', 'Internal ledger', made.incident.id, made.incident.number, 'Ada', 'SEV1'])
          assert.ok(!text.includes(secret), `${path} tells ${secret}`);
      }
    });

    await step('banner and components agree, whatever is published', async () => {
      const ranks = ['operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'];
      const indicators = ['none', 'maintenance', 'minor', 'major', 'critical'];
      const parts = [made.cards, made.wallets, made.api];
      let random = 12345;
      const pick = n => (random = (random * 1103515245 + 12345) & 0x7fffffff) % n;
      for (let i = 0; i < 12; i++) {
        const components = Object.fromEntries(parts.filter(() => pick(2)).map(c => [c.id, ranks[pick(5)]]));
        const { updated_at } = await made.say(made.incident, { status: ['identified', 'monitoring', 'resolved', 'investigating'][pick(4)], text: `Turn ${i}`, components });
        const summary = await until('the snapshot follows', async () => {
          const s = await (await file('/api/v2/summary.json')).json();
          return s.page.updated_at >= updated_at.slice(0, 23) && s;
        });
        const worst = Math.max(...summary.components.map(c => ranks.indexOf(c.status)));
        assert.equal(summary.status.indicator, indicators[worst], JSON.stringify(summary.components.map(c => [c.name, c.status])));
        const html = await (await file('/status/')).text();
        assert.ok(html.includes(`<section class="banner c${worst}">`), `the page says otherwise than ${summary.status.indicator}`);
      }
    });
  });
}

test('people read the status, on any screen, in two languages, without a script', async t => {
  const rig = await Rig.start(t);
  const { tocsin } = rig;
  const made = await fill(tocsin);
  await tocsin.post('/admin/status/pages', { slug: 'ru', title: 'Состояние Lumo Pay', language: 'ru', zone: 'Europe/Moscow' });
  await until('both pages are there', async () => (await (await fetch(`${tocsin.url}/status/ru/`)).text()).includes('Database upgrade'));
  const month = new Date().toISOString().slice(0, 7);
  for (const slug of ['main', 'ru'])
    for (const viewport of [DESKTOP, PHONE])
      for (const colorScheme of ['light', 'dark']) {
        const context = await rig.context({ viewport, colorScheme });
        const page = await context.newPage();
        let bytes = 0, requests = 0;
        const session = await context.newCDPSession(page);
        await session.send('Network.enable');
        session.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; requests++; });
        for (const path of ['', `incidents/${made.published.id}`, `incidents/${made.over.id}`, `history/${month}`]) {
          await page.goto(`/status/${slug}/${path}`);
          if (!path) {
            assert.ok(bytes <= 12 * KB && requests <= 4, `first visit: ${bytes} bytes, ${requests} requests`);
            const html = await (await fetch(`${tocsin.url}/status/${slug}/`)).text();
            assert.ok(Buffer.byteLength(html) <= 25 * KB && !/<script/i.test(html));
            t.diagnostic(`${slug} ${viewport.width} ${colorScheme}: first visit ${bytes} bytes in ${requests} requests, ${Buffer.byteLength(html)} bytes of HTML`);
          }
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map(v => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].any[0]?.message ?? ''}`), [], `/status/${slug}/${path} ${viewport.width} ${colorScheme}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${path} scrolls sideways by ${wide}`);
        }
        if (process.env.PICTURES) {
          await page.goto(`/status/${slug}/`);
          await page.screenshot({ path: join(process.env.PICTURES, `status-${slug}-${viewport.width}-${colorScheme}.png`), fullPage: true });
        }
        await context.close();
      }
  assert.deepEqual(rig.complaints, []);
});

test('pages for some: by a secret link, for the signed-in, on a domain of their own, with a choice of components', async t => {
  const rig = await Rig.start(t);
  const { tocsin } = rig;
  const made = await fill(tocsin);
  const secret = await tocsin.post('/admin/status/pages', { slug: 'partner', title: 'For partners', visibility: 'token', components: [made.wallets.id] });
  const { new_link: link } = await tocsin.post(`/admin/status/pages/${secret.id}/link`);
  await tocsin.post('/admin/status/pages', { slug: 'staff', title: 'For staff', visibility: 'signed_in' });
  await tocsin.post('/admin/status/pages', { slug: 'own', title: 'On its own', host: 'status.example.org' });
  const ask = (path, headers = {}) => fetch(path.startsWith('http') ? path : tocsin.url + path, { headers, redirect: 'manual' });
  await until('the link works', async () => (await ask(link)).status === 200);

  const html = await (await ask(link)).text();
  assert.ok(html.includes('For partners') && html.includes('Wallets') && html.includes('Database upgrade'));
  assert.ok(!html.includes('Card payments') && !html.includes('api.example.org'), 'only what was chosen');
  assert.match(html, /All systems operational/);
  assert.equal((await ask(`${link}api/v2/summary.json`)).status, 200);
  assert.equal((await ask(`${link}incidents/${made.published.id}`)).status, 404);
  for (const path of ['/status/partner/', '/status/partner/api/v2/summary.json', '/status/partner/~st_0000000000000000000000000000000000000000000/'])
    assert.equal((await ask(path)).status, 404, path);
  const { new_link: newer } = await tocsin.post(`/admin/status/pages/${secret.id}/link`);
  await until('the old link is dead', async () => (await ask(link)).status === 404 && (await ask(newer)).status === 200);

  assert.equal((await ask('/status/staff/', { Accept: 'text/html' })).status, 303);
  assert.equal((await ask('/status/staff/api/v2/summary.json')).status, 401);
  assert.match(await tocsin.get('/status/staff/'), /For staff/);

  // fetch() sends no other Host: a request by hand.
  const { request } = await import('node:http');
  const by = path => new Promise((done, failed) => request(tocsin.url + path, { headers: { Host: 'status.example.org' } }, answer => {
    let text = '';
    answer.on('data', d => { text += d; }).on('end', () => done({ status: answer.statusCode, text }));
  }).on('error', failed).end());
  assert.match((await by('/')).text, /On its own/);
  assert.equal((await by('/api/v2/status.json')).status, 200);
  assert.equal((await by(`/incidents/${made.published.id}`)).status, 200);
  assert.equal((await by('/incidents')).status, 404); // the inside is not on this domain
  assert.equal((await by('/signin')).status, 404);
  assert.equal(JSON.parse((await by('/api/v2/summary.json')).text).page.url, 'http://status.example.org');
});

test('the core is killed, and its readers do not notice until it matters', async t => {
  const rig = await Rig.start(t);
  const { tocsin } = rig;
  const made = await fill(tocsin);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const text = async path => { const a = await fetch(url + path); return a.ok ? a.text() : `${a.status}`; };
  const side = new Child('status-serve', rig.folder, binary, ['status-serve', '--data', tocsin.data, '--listen', `127.0.0.1:${port}`, '--stale-after', '6s']);
  rig.stops.push(() => side.stop());
  await side.ready(async () => (await text('/status/')).includes('Card payments fail'));
  await made.say(made.incident, { status: 'monitoring', text: 'Watch it.', components: { [made.cards.id]: 'operational', [made.api.id]: 'operational' } });
  await until('it follows the core', async () => (await text('/status/')).includes('Watch it.'));

  await tocsin.child.stop('SIGKILL');
  const page = await text('/status/');
  assert.match(page, /All systems operational/);
  assert.match(page, /as of <time/);
  assert.equal(JSON.parse(await text('/api/v2/status.json')).status.indicator, 'none');
  assert.equal((await fetch(`${url}/assets/status.css`)).status, 200);
  assert.match(await text(`/status/incidents/${made.over.id}`), /A cache/);
  assert.equal((await fetch(`${url}/status/subscribe`, { method: 'POST', body: 'x=1' })).status, 503);
  for (const path of ['/status/main/../../key', '/status/..%2f..%2fkey', '/status/main/%2e%2e/%2e%2e/key', '/incidents', '/']) assert.match(await text(path), /^404$/, path);

  await until('what is old is not believed', async () => (await text('/status/')).includes('Current state unknown'));
  assert.match(JSON.parse(await text('/api/v2/status.json')).status.description, /^Unknown since/);
  assert.match(await text('/status/'), /No news since/);
  await tocsin.start();
  await until('and is again when the core is back', async () => (await text('/status/')).includes('All systems operational'));
});

test('subscribing: asked by mail, told of what concerns them, gone with one click', async t => {
  const rig = await Rig.start(t, { needs: ['mail', 'sink'] });
  const { tocsin, mail, sink } = rig;
  const step = story(t);
  const made = await fill(tocsin, 'Status; of\\Lumo');
  await until('the page is there', async () => (await fetch(`${tocsin.url}/status/`)).ok);
  const page = await (await rig.context({ javaScriptEnabled: false, viewport: PHONE })).newPage();
  const link = m => m.text.match(/http:\/\/\S+\/(confirm|unsubscribe)\/\S+/)[0];
  let news;

  await step('by the form on the page, for some components', async () => {
    await page.goto('/status/');
    await page.getByRole('link', { name: 'Only for some components' }).click();
    await page.fill('#address', 'not an address');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    assert.match(await page.textContent('[role=alert]'), /mail address/);
    await page.fill('#address', 'Reader@example.net');
    await page.getByLabel('Card payments – EU').check();
    await page.getByRole('button', { name: 'Subscribe' }).click();
    assert.match(await page.textContent('main'), /One more step/);
    const asked = await until('the mail to confirm', () => mail.to('reader@example.net')[0]);
    assert.match(asked.headers.subject, /Confirm your subscription to Status; of\\Lumo/);
    await made.say(made.incident, { status: 'monitoring', text: 'Nobody has agreed to read this.' });
    await page.goto(link(asked));
    await page.getByRole('button', { name: 'Confirm' }).click();
    assert.match(await page.textContent('h1'), /updates will be sent/);
  });

  await step('told of what concerns them and of nothing else', async () => {
    await tocsin.post('/admin/status/maintenance', { title: 'Wallets only', text: 'x', automatic: true, scheduled_for: new Date(Date.now() + 864e5).toISOString(),
      scheduled_until: new Date(Date.now() + 9e7).toISOString(), components: { [made.wallets.id]: 'under_maintenance' } });
    await made.say(made.incident, { status: 'identified', text: 'It is a **release**.\n\nSubject: injected' });
    news = await until('the news', () => mail.to('reader@example.net')[1]);
    assert.equal(mail.to('reader@example.net').length, 2);
    assert.equal(news.headers.subject, 'Identified: Card payments fail');
    assert.match(news.text, /It is a release/);
    assert.ok(!/canaryword|SEV1|INC-/.test(news.text + news.html + JSON.stringify(news.headers)), 'the inside leaks');
    assert.equal(news.headers['list-unsubscribe'], `<${link(news)}>`);
    assert.equal(news.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
  });

  await step('gone with the one click that a mail program makes', async () => {
    const gone = await fetch(link(news), { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
    assert.equal(gone.status, 200);
    assert.equal((await tocsin.get('/admin/status')).pages[0].subscribers, 0);
    assert.equal((await fetch(link(news), { method: 'POST' })).status, 200); // twice is no mistake
    assert.equal((await fetch(`${link(news).slice(0, -3)}abc`, { method: 'POST' })).status, 404);
  });

  await step('by a webhook, signed; addresses inside are refused unless allowed', async () => {
    const subscribe = body => fetch(`${tocsin.url}/status/main/subscribe`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Accept: 'application/json' } });
    assert.equal((await subscribe({ kind: 'webhook', address: 'ftp://example.org' })).status, 422);
    const answer = await subscribe({ kind: 'webhook', address: sink.url });
    assert.equal(answer.status, 202);
    const { secret } = await answer.json();
    const [asked] = await until('the request to confirm', () => { const all = sink.messages(secret); return all.length && all; });
    assert.equal(asked.type, 'status.subscribe');
    await fetch(asked.confirm_url, { method: 'POST' });
    await made.say(made.incident, { status: 'resolved', text: 'Over.' });
    const got = await until('the news', () => sink.messages(secret).find(m => m.type === 'status.update'));
    assert.deepEqual([got.incident.name, got.incident.status, got.incident.update.body, got.page.name], ['Card payments fail', 'resolved', 'Over.', 'Status; of\\Lumo']);
  });

  await step('somebody who asks too often has to wait', async () => {
    const ask = () => fetch(`${tocsin.url}/status/main/subscribe`, { method: 'POST', body: JSON.stringify({ address: 'victim@example.net' }), headers: { 'Content-Type': 'application/json' } });
    const answers = [];
    for (let i = 0; i < 14; i++) answers.push((await ask()).status);
    assert.ok(answers.slice(0, 5).every(s => s === 202) && answers.at(-1) === 429, answers.join());
    assert.equal(mail.to('victim@example.net').length, 1);
  });
});

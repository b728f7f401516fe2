// Behaviour in a real browser against a small pretend server: the stream, honest acknowledge, drafts, keys, no script, offline.
//   node test/ui/live.mjs [NAME-PART…]
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { bundle } from '../../tools/bundle.mjs';
import { engine, filters } from './mustache.mjs';
import { CSP, views } from './render.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const work = mkdtempSync(join(tmpdir(), 'ui-live-'));
await bundle(work);
const mustache = engine({ dir: join(root, 'templates'), filters });
const sample = views().find(v => v.name === 'incident').view;
const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };

// The pretend server: one incident, and knobs for its moods.
let world;
const fresh = () => {
  for (const s of world?.streams ?? []) s.destroy();
  world = { notes: [], acked: null, acks: [], errors: {}, input: {}, failed: {}, streams: new Set(), connects: 0, reads: 0, ackDelay: 0, ackFail: 0, streamFail: 0, streamStatus: 503, dead: null };
};
const view = () => ({
  ...sample,
  events: [...world.notes.map((text, i) => ({ ...sample.events[1], seq: 5000 + i, text })), ...sample.events],
  my_page: { ...sample.my_page, acked_at: world.acked },
  page: { ...sample.page, now: new Date().toISOString(), errors: world.errors, input: world.input, failed: world.failed, error_summary: world.errors.text ? 'Text: ' + world.errors.text : null, live: '/stream' },
});
const send = event => world.streams.forEach(s => s.write(`id: ${Date.now()}\nevent: ${event}\ndata: {}\n\n`));
const body = request => new Promise(done => {
  let text = '';
  request.on('data', d => { text += d; }).on('end', () => done(new URLSearchParams(text)));
});
const wait = ms => new Promise(done => setTimeout(done, ms));

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://x').pathname;
  response.setHeader('Content-Security-Policy', CSP);
  const html = (status, text) => response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(text);
  const page = status => html(status, mustache.render('incident', view()).replace('<html ', world.dead ? `<html data-dead="${world.dead}" ` : '<html '));
  const back = () => response.writeHead(303, { Location: '/incidents/inc_3' }).end();
  if (path.startsWith('/assets/') || path === '/sw.js') {
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'text/plain');
    try { return response.end(readFileSync(join(work, basename(path)))); } catch { return response.writeHead(404).end(); }
  }
  if (path === '/stream') {
    world.connects++;
    if (world.streamFail-- > 0) return response.writeHead(world.streamStatus, { 'Content-Type': 'text/html' }).end('<h1>Unavailable</h1>');
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: hb\ndata: {}\n\n');
    world.streams.add(response);
    return response.on('close', () => world.streams.delete(response));
  }
  if (path === '/signin') return html(200, '<!doctype html><title>Sign in</title><h1>Sign in</h1>');
  if (request.method === 'GET') {
    world.reads++;
    if (world.signedOut) return response.writeHead(303, { Location: '/signin' }).end();
    return page(200);
  }
  const form = await body(request);
  if (path.endsWith('/acknowledge')) {
    world.acks.push(request.headers['idempotency-key'] ?? form.get('delivery_id'));
    await wait(world.ackDelay);
    if (world.ackFail-- > 0) return html(503, '<!doctype html><main id="main"><h1>Unavailable</h1></main>');
    world.acked = '2026-11-21T03:14:50Z';
    return back();
  }
  if (path.endsWith('/escalate')) world.passed = form.get('delivery_id');
  if (path.endsWith('/notes')) {
    world.kind = form.get('kind');
    world.input = { text: form.get('text') };
    world.errors = form.get('text') === 'bad' ? { text: 'too short' } : {};
    world.failed = form.get('text') === 'bad' ? { notes: true } : {};
    if (world.errors.text) return page(422);
    world.input = {};
    world.notes.unshift(form.get('text'));
    return back();
  }
  return back();
});
fresh();
await new Promise(done => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}/incidents/inc_3`;

const browser = await chromium.launchPersistentContext(join(work, 'profile'), {
  executablePath: '/usr/bin/chromium', headless: true, viewport: { width: 1280, height: 900 },
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const tests = [];
const test = (name, run, options = {}) => tests.push({ name, run, options });
const equal = (a, b) => { if (a !== b) throw new Error(`${JSON.stringify(a)} is not ${JSON.stringify(b)}`); };
const until = async (what, run, ms = 5000) => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(20)) if (await run()) return;
  throw new Error('never: ' + what);
};
const isLive = page => until('live', () => page.evaluate(() => document.documentElement.dataset.live === 'on'));
const pending = page => page.textContent('.honest .pending').catch(() => '');

test('an event refreshes the page; typed text, focus and an open form stay', async page => {
  await isLive(page);
  await page.click('summary:has-text("Update status")');
  await page.evaluate(() => { document.querySelector('#status').selectedIndex = 2; });
  await page.focus('#note');
  await page.keyboard.type('half a thou');
  world.notes.unshift('written by somebody else');
  send('incident');
  await page.waitForSelector('text=written by somebody else');
  await page.keyboard.type('ght');
  equal(await page.inputValue('#note'), 'half a thought');
  equal(await page.evaluate(() => document.activeElement.id), 'note');
});
test('an open form stays open', async page => {
  await isLive(page);
  await page.click('summary:has-text("Severity")');
  await page.fill('#severity-reason', 'because');
  world.notes.unshift('news');
  send('incident');
  await page.waitForSelector('text=news');
  equal(await page.inputValue('#severity-reason'), 'because');
  equal(await page.isVisible('#severity-reason'), true);
});
test('a storm of events costs few reads', async page => {
  await isLive(page);
  const before = world.reads;
  for (let i = 0; i < 200; i++) send('incident');
  await wait(1500);
  if (world.reads - before > 3) throw new Error(`${world.reads - before} reads`);
});
test('heartbeats refresh nothing', async page => {
  await isLive(page);
  const before = world.reads;
  for (let i = 0; i < 5; i++) send('hb');
  await wait(600);
  equal(world.reads, before);
});
test('acknowledge says only what is known', async page => {
  world.ackDelay = 700;
  await page.click('text=Acknowledge >> nth=0');
  await wait(60);
  equal(await pending(page), 'Sending…');
  equal(await page.isVisible('text=You acknowledged at'), false);
  await page.waitForSelector('text=You acknowledged at');
  equal(world.acks.join(), 'dlv_981');
  equal(await page.locator('.honest').count(), 0);
});
test('acknowledge: slow is said after three seconds', async page => {
  world.ackDelay = 3600;
  await page.click('.honest .primary');
  await until('slow', async () => (await pending(page)).startsWith('Still sending'), 3500);
  await page.waitForSelector('text=You acknowledged at');
});
test('acknowledge: a failure keeps the page, says so and tries again', async page => {
  world.ackFail = 2;
  await page.click('.honest .primary');
  await until('said', async () => (await pending(page)).startsWith('Not sent'));
  equal(await page.isVisible('text=Card payments fail'), true);
  await page.waitForSelector('text=You acknowledged at', { timeout: 10000 });
  equal(world.acks.length, 3);
});
test('acknowledge: without a network it is sent when the network is back', async page => {
  await isLive(page);
  await page.context().setOffline(true);
  await page.click('.honest .primary');
  await until('said', async () => (await pending(page)).startsWith('Not sent'));
  await page.context().setOffline(false);
  await page.waitForSelector('text=You acknowledged at', { timeout: 10000 });
});
test('a note is added without a reload and the field is empty again', async page => {
  await isLive(page);
  await page.evaluate(() => { window.same = true; });
  await page.fill('#note', 'all pods are on 4.117');
  await page.click('text=Add note');
  await page.waitForSelector('.events >> text=all pods are on 4.117');
  equal(await page.inputValue('#note'), '');
  equal(await page.evaluate(() => window.same), true);
  equal(await page.evaluate(() => sessionStorage.length), 0);
});
test('a refused note shows why and keeps the text', async page => {
  await page.fill('#note', 'bad');
  await page.click('text=Add note');
  await page.waitForSelector('#compose >> text=too short');
  equal(await page.inputValue('#note'), 'bad');
  await page.fill('#note', 'better');
  await page.click('text=Add note');
  await page.waitForSelector('.events >> text=better');
  equal(await page.locator('text=too short').count(), 0);
});
test('passing on passes on and acknowledges nothing; the second button of a form is the one sent', async page => {
  await page.click('text=Pass to next');
  await until('passed', () => world.passed === 'dlv_981');
  equal(world.acks.length, 0);
  await page.fill('#note', 'roll back');
  await page.click('text=Record as decision');
  await until('decision', () => world.kind === 'decision');
});
test('drafts survive a reload', async page => {
  await page.fill('#note', 'not sent yet');
  await page.reload();
  equal(await page.inputValue('#note'), 'not sent yet');
});
test('the stream comes back and the page catches up', async page => {
  await isLive(page);
  world.notes.unshift('happened while away');
  world.streams.forEach(s => s.destroy());
  await page.waitForSelector('text=happened while away', { timeout: 8000 });
  await isLive(page);
});
test('a first connection that fails is tried again, and the page is told', async page => {
  await until('stale', () => page.isVisible('#stale'));
  await isLive(page);
  equal(await page.isVisible('#stale'), false);
  equal(await page.isVisible('h1:has-text("Unavailable")'), false);
}, { before: () => { world.streamFail = 2; } });
test('a silent stream is noticed', async page => {
  await isLive(page);
  await until('second connection', () => world.connects >= 2, 6000);
}, { before: () => { world.dead = 900; } });
test('a refused sign-in leads to the sign-in page', async page => {
  await isLive(page);
  world.signedOut = true;
  world.streamFail = 9;
  world.streamStatus = 401;
  world.streams.forEach(s => s.destroy());
  await page.waitForURL('**/signin', { timeout: 8000 });
});
test('keys', async page => {
  await page.keyboard.press('n');
  equal(await page.evaluate(() => document.activeElement.id), 'note');
  await page.keyboard.type('a u n ?');
  equal(world.acks.length, 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('u');
  equal(await page.isVisible('#status-form'), true);
  equal(await page.evaluate(() => document.activeElement.id), 'status');
  await page.keyboard.press('Escape');
  equal(await page.isVisible('#status-form'), false);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  equal(await page.isVisible('#keys'), true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.waitForSelector('text=You acknowledged at');
});
test('timers tick, and turn red when overdue', async page => {
  const before = await page.textContent('.timers [data-elapsed]');
  await wait(1200);
  if (before === await page.textContent('.timers [data-elapsed]')) throw new Error('stands still');
});
test('without script: acknowledge, note and the forms work', async page => {
  await page.click('.honest .primary');
  await page.waitForSelector('text=You acknowledged at');
  await page.fill('#note', 'plain form');
  await page.click('text=Add note');
  await page.waitForSelector('.events >> text=plain form');
  await page.fill('#note', 'bad');
  await page.click('text=Add note');
  await page.waitForSelector('#compose >> text=too short');
  equal(await page.inputValue('#note'), 'bad');
  await page.setViewportSize({ width: 390, height: 844 });
  equal(await page.isVisible('#nav'), false);
  await page.click('summary:has-text("Menu")');
  equal(await page.isVisible('#nav'), true);
  await page.click('summary:has-text("Menu")');
  await page.click('.thumb .primary');
  equal(await page.isVisible('#status-form'), true);
}, { script: false });
test('offline: the last copy of the page, never an old answer to a form', async page => {
  await until('worker', () => page.evaluate(() => navigator.serviceWorker.ready.then(r => r.active?.state === 'activated')));
  await page.reload();
  await wait(200);
  await page.context().setOffline(true);
  await page.reload();
  equal(await page.isVisible('text=Card payments fail'), true);
  await page.context().setOffline(false);
});

const wanted = process.argv.slice(2);
let failures = 0, ran = 0;
const plain = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'] });
for (const { name, run, options } of tests) {
  if (wanted.length && !wanted.some(w => name.includes(w))) continue;
  fresh();
  options.before?.();
  const context = options.script === false ? await plain.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }) : browser;
  const page = await context.newPage();
  const noise = [];
  page.on('pageerror', e => noise.push(e.message));
  page.on('console', m => { if (/Content Security Policy|Refused/.test(m.text())) noise.push(m.text()); });
  try {
    await page.goto(address);
    await run(page);
    if (noise.length) throw new Error(noise.join('; '));
    console.log('ok  ', name);
  } catch (error) {
    failures++;
    console.log('FAIL', name, '—', error.message.split('\n')[0]);
  }
  ran++;
  await page.context().setOffline(false);
  await page.close();
}
await plain.close();
await browser.close();
server.closeAllConnections();
server.close();
rmSync(work, { recursive: true, force: true });
console.log(`${ran - failures} of ${ran}`);
process.exitCode = failures ? 1 : 0;

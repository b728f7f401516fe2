// The real parts of the end-to-end tests, each on a free loopback port and in one temporary folder: Tocsin on SQLite or
// PostgreSQL, Prometheus, a mail server with STARTTLS, a webhook's receiver, a metric to watch, a browser.
//
// A rig stops everything it started, by process id, when its test ends. Should the test runner itself die, so do its children.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = resolve(root, process.env.TOCSIN ?? 'build/tocsin');
export const databases = ['sqlite', 'postgresql'];
// Builds with sanitizers on a busy machine are several times slower; deadlines only end what hangs.
const DEADLINE = 30_000;

const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

const tick = ms => new Promise(done => setTimeout(done, ms));

// The first truthy answer of `ask`, which is asked every 25 ms.
export async function until(what, ask, ms = DEADLINE) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) { last = error; }
    await tick(25);
  }
  throw new Error(`never within ${ms} ms: ${what}${last ? ` (${last.message})` : ''}`);
}

export function freePort() {
  return new Promise((done, failed) => {
    const socket = createSocket().on('error', failed);
    socket.listen(0, '127.0.0.1', () => { const { port } = socket.address(); socket.close(() => done(port)); });
  });
}

function listen(server) {
  return new Promise(done => server.listen(0, '127.0.0.1', () => done(server.address().port)));
}

export class Child {
  constructor(name, folder, command, args, options = {}) {
    this.name = name;
    this.log = join(folder, `${name}.log`);
    const log = openSync(this.log, 'a');
    // With the runner gone, so is the child.
    this.process = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args],
      { stdio: [options.stdin ?? 'ignore', options.stdout ?? log, log], env: { ...process.env, ...options.env } });
    closeSync(log);
    children.add(this.process);
    this.ended = new Promise(done => this.process.on('exit', (code, signal) => { children.delete(this.process); done({ code, signal }); }));
  }

  text() { return readFileSync(this.log, 'utf8'); }

  running() { return this.process.exitCode === null && this.process.signalCode === null; }

  // Waits for `ask` while the child lives; says what it logged when it does not.
  async ready(ask) {
    try {
      await until(`${this.name} is ready`, async () => {
        if (!this.running()) return true;
        return ask();
      });
    } finally {
      if (!this.running()) throw new Error(`${this.name} ended:\n${this.text().slice(-3000)}`);
    }
  }

  async stop(signal = 'SIGTERM') {
    if (this.running()) this.process.kill(signal);
    const last = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    const how = await this.ended;
    clearTimeout(last);
    return how;
  }
}

// --- Tocsin ---

// A command of the program; what it printed, or an error unless it succeeded.
export function run(...args) {
  const done = spawnSync(binary, args, { encoding: 'utf8', timeout: DEADLINE });
  if (done.status !== 0) throw new Error(`tocsin ${args[0]}: ${done.error ?? ''} exit ${done.status}\n${done.stderr}${done.stdout}`);
  return done.stdout;
}

class Tocsin {
  constructor(rig, options) {
    this.rig = rig;
    this.options = options;
    this.key = `e2e-${randomBytes(12).toString('hex')}`;
    this.data = join(rig.folder, 'data');
    this.email = 'ada@example.org';
    this.password = 'correct horse battery staple';
  }

  async create() {
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    this.database = this.options.database === 'postgresql' ? createDatabase() : undefined;
    const made = JSON.parse(this.run('init', '--admin', this.email, '--name', 'Ada Lovelace', '--integration-key', this.key,
      '--base-url', this.url, '--json'));
    this.token = made.token;
    this.setupUrl = made.setup_url;
    await this.start();
  }

  where() { return ['--data', this.data, ...(this.database ? ['--database', this.database] : [])]; }

  // A command on the same data.
  run(command, ...args) { return run(command, ...this.where(), ...args); }

  async start() {
    const mail = this.rig.mail ? ['--smtp-url', `smtp://127.0.0.1:${this.rig.mail.port}`, '--smtp-tls', 'required', '--ca-file', this.rig.mail.certificate] : [];
    this.child = new Child('tocsin', this.rig.folder, binary, ['serve', ...this.where(), '--listen', `127.0.0.1:${this.port}`,
      '--base-url', this.url, '--mail-from', 'tocsin@example.org', '--allow', '127.0.0.0/8', ...mail]);
    await this.child.ready(async () => (await fetch(`${this.url}/signin`)).status === 200);
  }

  // Graceful: a leak or a data race found by a sanitizer is an exit status other than 0.
  async stop() {
    if (!this.child?.running()) return;
    const how = await this.child.stop();
    if (how.code !== 0) throw new Error(`tocsin ended with ${JSON.stringify(how)}:\n${this.child.text().slice(-4000)}`);
  }

  async restartAfterKill() {
    await this.child.stop('SIGKILL');
    await this.start();
  }

  // The API as its token's owner. Gives the answer's body; any other status than the wanted is an error.
  async api(method, path, body, { token = this.token, status } = {}) {
    const answer = await fetch(this.url + path, {
      method, redirect: 'manual', body: body === undefined ? undefined : JSON.stringify(body),
      headers: { Accept: 'application/json', Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    });
    const text = await answer.text();
    if (status ? answer.status !== status : !answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 600)}`);
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }

  get(path) { return this.api('GET', path); }
  post(path, body = {}) { return this.api('POST', path, body); }

  // What Prometheus and amtool call an Alertmanager.
  get alertmanager() { return `${this.url}/in/${this.key}`; }

  async defaultService() { return (await this.get('/services')).items.find(s => s.name === 'default'); }

  async addPerson(name, email, role = 'responder') {
    const person = await this.post('/people', { name, email, role });
    await this.post(`/people/${person.id}/contacts`, { kind: 'email', address: email });
    return person;
  }

  // steps: [[seconds, target id…]…]
  async addPolicy(name, steps) {
    return this.post('/policies', { name, repeat: 0, steps: steps.map(([after, ...ids]) => ({ delay: `${after}s`,
      targets: ids.map(id => ({ kind: id.startsWith('whk_') ? 'webhook' : 'user', id })) })) });
  }
}

// A database of its own on the server whose socket is in the folder TOCSIN_TEST_PG (see test/with-pg.sh).
let databasesMade = 0;
function createDatabase() {
  const name = `e2e_${process.pid}_${++databasesMade}`;
  const done = spawnSync('psql', ['-h', process.env.TOCSIN_TEST_PG, '-U', 'postgres', '-q', '-c', `CREATE DATABASE ${name}`], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`psql: ${done.error ?? done.stderr}`);
  return `postgresql:///${name}?host=${process.env.TOCSIN_TEST_PG}&user=postgres`;
}

// Why a test of this database cannot run here; false if it can.
export const lacking = database => database === 'postgresql' && !process.env.TOCSIN_TEST_PG && 'PostgreSQL is not installed';

// --- mail ---

const decodeQuotedPrintable = text => Buffer.from(text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1');
const decodeWords = text => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset, how, word) =>
  (how.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : decodeQuotedPrintable(word.replace(/_/g, ' '))).toString('utf8'));

// One message: {headers, text, html, file}. Bytes in, because lines of a mail may hold any charset.
export function parseMail(bytes) {
  const source = bytes.toString('latin1');
  const part = text => {
    const at = text.indexOf('\r\n\r\n');
    const headers = {};
    for (const line of text.slice(0, at).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      if (name) headers[name.toLowerCase()] = decodeWords(Buffer.from(value, 'latin1').toString('utf8'));
    }
    return { headers, body: text.slice(at + 4) };
  };
  const content = p => ({ 'quoted-printable': decodeQuotedPrintable, base64: t => Buffer.from(t, 'base64') }[p.headers['content-transfer-encoding']?.toLowerCase()]
    ?? (t => Buffer.from(t, 'latin1')))(p.body).toString('utf8');
  const whole = part(source);
  const mail = { headers: whole.headers };
  const boundary = /boundary="?([^";]+)"?/.exec(whole.headers['content-type'] ?? '')?.[1];
  const parts = boundary ? whole.body.split(new RegExp(`(?:^|\\r\\n)--${boundary.replace(/[^\w]/g, '\\$&')}(?:--)?\\r\\n`)).slice(1).filter(p => p.includes('\r\n\r\n')).map(part) : [whole];
  for (const p of parts) {
    const type = p.headers['content-type'] ?? 'text/plain';
    if (type.startsWith('text/plain')) mail.text = content(p);
    if (type.startsWith('text/html')) mail.html = content(p);
  }
  return mail;
}

class Mail {
  async start(rig) {
    this.folder = join(rig.folder, 'mail');
    mkdirSync(this.folder);
    this.child = new Child('mail', rig.folder, '/usr/bin/python3', [join(root, 'test/smtpd.py'), this.folder, '--require-tls'], { stdin: 'pipe', stdout: 'pipe' });
    let said = '';
    this.child.process.stdout.on('data', data => { said += data; });
    await this.child.ready(() => said.includes('\n'));
    [, this.port, this.certificate] = /^(\d+) (.*)\n/.exec(said);
  }

  all() {
    const folder = join(this.folder, 'new');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).sort().map(name => parseMail(readFileSync(join(folder, name))));
  }

  to(address) { return this.all().filter(m => m.headers['x-envelope-to'].includes(address)); }
}

// --- webhooks ---

class Sink {
  async start() {
    this.requests = [];
    this.server = createServer((request, response) => {
      const chunks = [];
      request.on('data', d => chunks.push(d)).on('end', () => {
        this.requests.push({ at: Date.now(), headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
      });
    });
    this.url = `http://127.0.0.1:${await listen(this.server)}/hook`;
  }

  // The messages; throws if one is not signed with the secret, as Standard Webhooks say.
  messages(secret) {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return this.requests.map(({ at, headers, body }) => {
      const made = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest();
      const good = headers['webhook-signature'].split(' ').some(s => s.startsWith('v1,') && s.length === 3 + 44 && timingSafeEqual(made, Buffer.from(s.slice(3), 'base64')));
      if (!good) throw new Error(`webhook ${headers['webhook-id']} has no valid signature`);
      if (Math.abs(at / 1000 - Number(headers['webhook-timestamp'])) > 300) throw new Error('the signature is too old');
      return { at, ...JSON.parse(body) };
    });
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }
}

// --- Prometheus and what it watches ---

class Gauge {
  async start() {
    this.value = 0;
    this.server = createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' })
        .end(`# HELP queue_length Jobs that wait\n# TYPE queue_length gauge\nqueue_length ${this.value}\n`);
    });
    this.port = await listen(this.server);
  }

  stop() { this.server.closeAllConnections(); this.server.close(); }
}

class Prometheus {
  async start(rig) {
    const folder = join(rig.folder, 'prometheus');
    mkdirSync(folder);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    writeFileSync(join(folder, 'prometheus.yml'), `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s, external_labels: {cluster: e2e}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
  - {api_version: v2, path_prefix: /in/${rig.tocsin.key}, static_configs: [{targets: ['127.0.0.1:${rig.tocsin.port}']}]}
scrape_configs:
- {job_name: queue, static_configs: [{targets: ['127.0.0.1:${rig.gauge.port}']}]}
`);
    writeFileSync(join(folder, 'rules.yml'), `
groups:
- name: e2e
  rules:
  - alert: QueueTooLong
    expr: queue_length > 100
    for: 1s
    labels: {severity: major, team: payments}
    annotations:
      summary: 'Payment jobs pile up: {{ $value }} wait'
      runbook_url: https://runbooks.example.org/queue
`);
    this.child = new Child('prometheus', rig.folder, 'prometheus', [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`, '--rules.alert.resend-delay=5s', '--log.level=warn']);
    await this.child.ready(async () => (await fetch(`${this.url}/-/ready`)).ok);
  }

  // Whether the alert fires, by its own account.
  async firing() {
    const { data } = await (await fetch(`${this.url}/api/v1/alerts`)).json();
    return data.alerts.some(a => a.state === 'firing');
  }
}

// --- the browser ---

let chrome;
async function browser() {
  chrome ??= chromium.launch({ executablePath: '/usr/bin/chromium', headless: true,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  return chrome;
}
// The last test of a file closes it; node waits for open pipes.
export async function closeBrowser() {
  if (chrome) await (await chrome).close();
  chrome = undefined;
}

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

// --- all together ---

export class Rig {
  constructor(folder) {
    this.folder = folder;
    this.stops = [];
    this.complaints = []; // of browser consoles
  }

  // needs: any of mail, sink, prometheus; database: sqlite or postgresql
  static async start(t, { database = 'sqlite', needs = [] } = {}) {
    const rig = new Rig(mkdtempSync(join(tmpdir(), 'tocsin-e2e-')));
    t.after(() => rig.stop());
    const add = async (name, part) => {
      rig.stops.push(() => (part.stop ? part.stop() : part.child?.stop()));
      await part.start(rig);
      rig[name] = part;
    };
    if (needs.includes('mail')) await add('mail', new Mail());
    if (needs.includes('sink')) await add('sink', new Sink());
    rig.tocsin = new Tocsin(rig, { database });
    rig.stops.push(() => rig.tocsin.stop());
    await rig.tocsin.create();
    if (needs.includes('prometheus')) {
      await add('gauge', new Gauge());
      await add('prometheus', new Prometheus());
    }
    return rig;
  }

  // In reverse; everything is stopped even if something complains.
  async stop() {
    const complaints = [];
    for (const stop of this.stops.reverse()) {
      try { await stop(); } catch (error) { complaints.push(error); }
    }
    if (!process.env.KEEP) rmSync(this.folder, { recursive: true, force: true });
    if (complaints.length) throw complaints[0];
  }

  // A browser of its own: no cookies. What its console says, and what the content security policy refused, ends up in `complaints`.
  async context(options = {}) {
    const context = await (await browser()).newContext({ viewport: DESKTOP, baseURL: this.tocsin.url, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(DEADLINE);
    // A page that is left while it fetches itself says so; that is no fault. A request that fails otherwise is one.
    context.on('console', m => {
      if (['error', 'warning'].includes(m.type()) && !/Failed to fetch/.test(m.text())) this.complaints.push(`${m.page()?.url()}: ${m.text()}`);
    });
    context.on('requestfailed', r => {
      if (r.failure()?.errorText !== 'net::ERR_ABORTED') this.complaints.push(`${r.url()}: ${r.failure()?.errorText}`);
    });
    context.on('weberror', e => this.complaints.push(`${e.page()?.url()}: ${e.error().message}`));
    this.stops.push(() => context.close());
    return context;
  }

  async signIn(page, email = this.tocsin.email, password = this.tocsin.password) {
    await page.goto('/signin');
    await page.fill('#email', email);
    await page.fill('#password', password);
    await page.click('button.primary');
    await page.waitForURL('**/incidents');
  }

  // The one-time link, as the first administrator opens it.
  async setUp(page) {
    await page.goto(this.tocsin.setupUrl);
    await page.fill('#name', 'Ada Lovelace');
    await page.fill('#email', this.tocsin.email);
    await page.fill('#password', this.tocsin.password);
    await page.click('button.primary');
    await page.waitForURL('**/incidents');
  }
}

// Steps of one story: each is reported by itself; after a failed one the rest is skipped.
export function story(t) {
  let failed;
  return (name, run) => t.test(name, async s => {
    if (failed) return s.skip('a step before it failed');
    try { return await run(s); } catch (error) { failed = name; throw error; }
  });
}

// No text of a page escapes translation: every page is rendered with a catalogue in which each text is ⟦ẃŕáṕṕéd⟧, and what is
// readable outside the brackets has to be data of the view.
//
//   node test/locale/untranslated.mjs SAMPLES TOCSIN-PSEUDO
//
// First the sample views, which have every state, through the server's own templates; then the pages of a real server filled by
// tools/demo.mjs, where labels, titles and reasons come from C. One handler has two faces, so a page's data is its JSON.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [samples, tocsin] = process.argv.slice(2);
const problems = [];

// Names that are the same in every language.
const NAMES = new Set(['Tocsin', 'UTC', 'Markdown', 'MTTD', 'MTTA', 'MTTR', 'MTBF', 'YAML', 'HTTP', 'TCP', 'TLS', 'SQLite', 'PostgreSQL',
  'https://hooks.example.org/tocsin', 'Alertmanager eu-west', 'region']); // the last three stand in empty fields as examples
// A policy pack speaks its own language.
const PACK = [...readFileSync(join(root, 'packs/sev.yaml'), 'utf8').matchAll(/\bname: ([^,}\n]+)/g)].map(m => m[1].trim());
// The server's own words within a view: they are no data, and have to arrive in brackets.
const OWN = new Set(['label', 'note', 'failing', 'detail']);

const squeeze = text => text.replace(/\\(?=[^\w\s])/g, '').replace(/\s+/g, ' ');
function strings(value, key = '', out = []) {
  if (typeof value === 'string') { if (!OWN.has(key)) out.push(squeeze(value)); }
  else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) { if (!Array.isArray(value)) out.push(k); strings(v, Array.isArray(value) ? key : k, out); }
  return out;
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
const decode = text => text.replace(/&(\w+|#\d+);/g, (whole, name) => ENTITIES[name] ?? whole);

// What people see or hear: the text between tags, and the attributes that are read out.
function readable(html) {
  const body = html.replace(/<(script|style)\b[^]*?<\/\1>/g, '').replace(/<span class="av\b[^]*?<\/span>/g, ''); // nor initials
  const attributes = [...body.matchAll(/\s(?:aria-label|title|placeholder|alt|data-failed|data-confirm)="([^"]*)"/g)].map(m => m[1]);
  return [...body.split(/<[^>]*>/), ...attributes].map(t => squeeze(decode(t)).trim()).filter(Boolean);
}

function outside(text) {
  let was;
  do { was = text; text = text.replace(/⟦[^⟦⟧]*⟧/g, '\0'); } while (text !== was);
  return text.split('\0');
}

function judge(where, html, data) {
  let translated = 0;
  for (const text of readable(html)) {
    translated += text.includes('⟦');
    for (const piece of outside(text).flatMap(t => t.split(/\s·\s|:\s|, |[()→…]|(?<=INC-\d{8}-\d{3}) /))) {
      // Severities' ids, which are names, stand before what they apply to.
      const words = piece.replace(/^(\s*(SEV|P)\d)+\s*/, '').replace(/^[^A-Za-z]+|[^A-Za-z]+$/g, '');
      if (!/[A-Za-z]{2}/.test(words) || NAMES.has(words)) continue;
      if (!data.some(d => d.includes(words))) problems.push(`${where}: not translated: "${words}"`);
    }
  }
  if (!translated) problems.push(`${where}: nothing is translated`);
}

function judgeSamples(dir) {
  execFileSync(samples, [join(root, 'test/ui/views'), dir], { stdio: ['ignore', 'inherit', 'inherit'] });
  const view = name => JSON.parse(readFileSync(join(root, 'test/ui/views', name + '.json'), 'utf8'));
  // Samples hold what C would have translated; here that is data.
  const own = value => { const out = []; JSON.stringify(value, (k, v) => { if (OWN.has(k) && typeof v === 'string') out.push(squeeze(v)); return v; }); return out; };
  const all = value => [...strings(value), ...own(value)];
  const page = all(view('_page'));
  const names = readdirSync(dir).filter(f => f.endsWith('.html')).map(f => basename(f, '.html'));
  for (const name of names) {
    if (name === 'design') continue; // every part in every state, for those who change the style sheet
    judge(`sample ${name}`, readFileSync(join(dir, name + '.html'), 'utf8'), [...all(view(name)), ...page]);
  }
  return names.length;
}

async function serve(dir) {
  const made = JSON.parse(execFileSync(tocsin, ['init', '--data', dir, '--admin', 'admin@example.org', '--json'], { encoding: 'utf8' }));
  const server = spawn(tocsin, ['serve', '--data', dir, '--listen', '127.0.0.1:0'], { env: { ...process.env, TOCSIN_SMTP_URL: 'smtp://127.0.0.1:9' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await new Promise((found, gone) => {
    let log = '';
    server.stderr.on('data', chunk => { log += chunk; const m = log.match(/"port":(\d+)/); if (m) found(m[1]); });
    server.on('exit', () => gone(new Error(`the server ended: ${log}`)));
  });
  return { ...made, server, origin: `http://127.0.0.1:${port}` };
}

async function judgeServer(dir) {
  const { token, integration_key, server, origin } = await serve(dir);
  const ask = (path, accept, options = {}) => fetch(origin + path, {
    ...options, redirect: 'manual', headers: { Authorization: `Bearer ${token}`, Accept: accept, 'Accept-Language': 'en-XA, en;q=0.5', ...options.headers },
  });
  const json = async path => (await ask(path, 'application/json')).json();
  let pages = 0;
  async function look(path, options, known = []) {
    const response = await ask(path, 'text/html', options);
    if (response.status === 303) throw new Error(`${path} redirects`);
    const html = await response.text(), same = options?.method ? {} : await json(path);
    if (!/<html lang="en-xa" dir="ltr"/.test(html)) problems.push(`${path}: the language of the page is not said`);
    judge(path, html, [...strings(same), ...known, ...PACK, path]);
    pages++;
  }
  try {
    execFileSync(process.execPath, [join(root, 'tools/demo.mjs'), origin, token, integration_key], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [home, alerts, reviews, services, policies, people] = await Promise.all(['/incidents', '/alerts', '/reviews', '/services', '/policies', '/people'].map(json));
    const me = people.items.find(p => p.role === 'admin');
    const known = [me.name, me.email, me.zone || 'UTC', 'admin@example.org', ...strings(people)];
    const paths = ['/incidents', '/incidents/new', '/incidents?q=card', '/alerts', '/alerts?q=nothing', '/oncall', '/services', '/policies', '/people', '/reviews', '/insights',
      '/admin', '/webhooks', '/signin', '/setup/nothing',
      ...home.open.concat(home.recent).map(i => `/incidents/${i.id}`), `/incidents/${home.open[0].id}/timeline`,
      ...alerts.items.slice(0, 3).map(a => `/alerts/${a.id}`), `/services/${services.items[0].id}`, `/policies/${policies.items[0].id}`, `/people/${people.items[0].id}`,
      `/postmortems/${reviews.complete[0].id}`, `/postmortems/${reviews.due[0].postmortem_id}/edit`];
    for (const path of paths) await look(path, undefined, known);
    const form = body => ({ method: 'POST', body: new URLSearchParams(body) });
    await look('/incidents', form({ title: '', severity: 'SEV9' }), [...known, 'title', 'severity', ...strings(await json('/incidents/new'))]);
    await look(`/incidents/${home.open[0].id}/acknowledge`, form({ nonsense: '1' }), [...known, 'nonsense', ...strings(await json(`/incidents/${home.open[0].id}`))]);
  } finally {
    server.kill();
  }
  return pages;
}

const dir = mkdtempSync(join(tmpdir(), 'untranslated-'));
try {
  mkdirSync(join(dir, 'samples'));
  const sampled = judgeSamples(join(dir, 'samples')), lived = await judgeServer(join(dir, 'data'));
  for (const p of new Set(problems)) console.log('FAIL', p);
  console.log(problems.length ? `${new Set(problems).size} problems` : `${sampled} samples and ${lived} live pages: every text is translatable`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
process.exitCode = problems.length ? 1 : 0;

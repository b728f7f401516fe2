// Collects every text that people read and can be translated: {{#t}} in the templates, and in C what web_text, web_format, web_count
// (and their language_… forms), N_ and fail…() are given.
//
//   node tools/messages.mjs                 writes locale/tocsin.pot, and every locale/CODE.po anew: what is translated stays, what
//                                           nobody says any more goes, what is new stands there empty
//   node tools/messages.mjs --check         fails if the former is not what would be written, or a translation is marked as a guess
//                                           or loses a value; says what share of the texts is translated
//   node tools/messages.mjs --check-release fails besides if a text is not translated
//   node tools/messages.mjs --pseudo FILE   writes a catalogue in which every text is ⟦ẃŕáṕṕéd⟧, for the tests
//
// No line numbers, no dates: the file changes when a text does, and not when code moves. Nor is a text marked as a format of C: the
// program never prints with a translation, it puts values where the conversions are (src/web/language.h). So any conversion will
// do for a value, and %2$s is the second value even where C would count the width of %.*s.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pot = join(root, 'locale/tocsin.pot');

// Which arguments are texts; two for those with a plural.
const MARKS = {
  N_: [0], web_text: [1], language_text: [1], web_format: [1], language_format: [2], web_count: [1, 2], language_count: [2, 3], language_fill: [2], brief_text: [1],
  table_print: [3], section: [1],
};
// What failed, told to the person who filled in the form. Other floors, and addresses of programs, speak to logs and programs only.
const FAILURES = { fail: [2], fail_field: [2], fail_name: [2], refuse: [1] };
const TOLD = /^src\/(base\/field|domain|store|engine|web)(?!\/(am|ingest|openapi|metrics|health|writer|notifier|prober)\w*\.c)/;

function files(dir, pattern) {
  return readdirSync(join(root, dir)).sort().flatMap(name => {
    const path = join(dir, name);
    return statSync(join(root, path)).isDirectory() ? files(path, pattern) : pattern.test(name) ? [path] : [];
  });
}

const texts = new Map(); // msgid → { many, where: Set }
function add(where, id, many) {
  if (!/[A-Za-z]/.test(id.replace(/%[-+ #0-9.*]*[hlzjt]*[a-z]/g, ''))) return; // "%s" says nothing of its own
  const entry = texts.get(id) ?? { many, where: new Set() };
  if (many && entry.many && entry.many !== many) throw new Error(`${where}: "${id}" has two plurals`);
  entry.many ??= many;
  entry.where.add(where);
  texts.set(id, entry);
}

function fromTemplate(path) {
  for (const m of readFileSync(join(root, path), 'utf8').matchAll(/\{\{#t\}\}([^]*?)\{\{\/t\}\}/g))
    add(path, m[1].trim().replace(/\s+/g, ' '));
}

const TOKEN = /\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\s+|./g;
const ESCAPES = { n: '\n', t: '\t', '"': '"', '\\': '\\', '?': '?', "'": "'" };
// \u2026 too; the sources are UTF-8, so other escapes do not stand in texts.
const value = literal => literal.slice(1, -1).replace(/\\u([0-9a-fA-F]{4})|\\(.)/g, (_, hex, c) => hex ? String.fromCodePoint(parseInt(hex, 16)) : ESCAPES[c]);
const literal = tokens => tokens.length && tokens.every(t => t[0] === '"') ? tokens.map(value).join('') : undefined;

// The arguments of the call whose "(" is at `at`, each a list of tokens.
function callArguments(tokens, at) {
  const list = [[]];
  for (let depth = 1, i = at + 1; i < tokens.length; i++) {
    const t = tokens[i];
    if ('([{'.includes(t)) depth++;
    if (')]}'.includes(t) && --depth === 0) return list;
    if (t === ',' && depth === 1) list.push([]);
    else list[list.length - 1].push(t);
  }
  return [];
}

// What `tocsin help` and the tables of the command line say: .summary and .help of a command, the fifth member of an option,
// the second of a column.
function fromCommands(path, tokens) {
  let columns = 0; // how deep within an array of columns
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === 'column' && tokens[i + 2] === '[' && tokens[i + 4] === '=') columns = 1;
    if (columns && tokens[i] === ';') columns = 0;
    const one = /^(summary|help)$/.test(tokens[i]) && tokens[i - 1] === '.' && tokens[i + 1] === '='
      ? literal(tokens.slice(i + 2, tokens.findIndex((t, k) => k > i + 1 && t[0] !== '"'))) : undefined;
    if (one) add(path, one);
    if (tokens[i] !== '{') continue;
    const [name, second, , , doc] = callArguments(tokens, i).map(literal);
    if (name && doc) add(path, doc);
    else if (name && second && columns) add(path, second);
  }
}

function fromSource(path) {
  const tokens = [...readFileSync(join(root, path), 'utf8').matchAll(TOKEN)].map(m => m[0]).filter(t => !/^(\s|\/\*|\/\/)/.test(t));
  for (let i = 0; i + 1 < tokens.length; i++) {
    const which = MARKS[tokens[i]] ?? (TOLD.test(path) ? FAILURES[tokens[i]] : undefined);
    if (!which || tokens[i + 1] !== '(') continue;
    const given = callArguments(tokens, i + 1);
    const [one, many] = which.map(k => literal(given[k] ?? []));
    if (one !== undefined) add(path, one, many);
  }
  if (/^src\/(cli\/|serve\.c)/.test(path)) fromCommands(path, tokens);
  if (path === 'src/base/error.h')
    for (const m of readFileSync(join(root, path), 'utf8').matchAll(/^ +X\(\w+,.*("[^"]*")\)/gm)) add(path, value(m[1]));
}

const quote = s => `"${s.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;

// `forms` gives the translations of one text: as many as it has forms.
function render(forms, plurals, language) {
  const head = ['Project-Id-Version: tocsin', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit',
    `Plural-Forms: ${plurals}`, ...(language ? [`Language: ${language}`] : [])];
  const blocks = [`msgid ""\nmsgstr ""\n${head.map(h => quote(h + '\n')).join('\n')}\n`];
  for (const [id, { many, where }] of [...texts].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
    blocks.push([...[...where].sort().map(w => `#: ${w}`), `msgid ${quote(id)}`,
      ...(many ? [`msgid_plural ${quote(many)}`, ...forms(id, many).map((text, i) => `msgstr[${i}] ${quote(text)}`)] : [`msgstr ${quote(forms(id)[0])}`]), ''].join('\n'));
  return blocks.join('\n');
}

const ACCENTS = Object.fromEntries('AÅBƁCĆDĐEÉFƑGĞHĤIÎJĴKĶLĻMṀNÑOÖPÞQǪRŔSŠTŢUÛVṼWŴXẊYÝZŽaåbƀcćdđeéfƒgğhĥiîjĵkķlļmṁnñoöpþqǫrŕsštţuûvṽwŵxẋyýzž'
  .match(/../gu).map(pair => [...pair]));
// Conversions, variables, tags and entities stay.
const pseudo = text => `⟦${text.replace(/%(?:\d\$)?[-+ #0-9.*]*[hlzjt]*[a-z%]|\{\{[^}]*\}\}|<[^>]*>|&\w+;|[A-Za-z]/g, t => t.length > 1 ? t : ACCENTS[t])}⟧`;

for (const path of files('templates', /\.(html|mustache)$/)) fromTemplate(path);
for (const path of files('src', /\.[ch]$/)) fromSource(path);

// What a .po says: its entries, and of its header the two lines that are the translator's.
function readPo(path) {
  const unquote = lines => [...lines.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(m => value(m[0])).join('');
  const po = { path, entries: new Map(), fuzzy: [] };
  for (const block of readFileSync(join(root, path), 'utf8').split(/\n\s*\n/)) {
    const parts = [...block.matchAll(/^(msgid|msgid_plural|msgstr)(?:\[\d\])? ((?:".*"\s*)+)/gm)].map(m => [m[1], unquote(m[2])]);
    const id = parts.find(p => p[0] === 'msgid')?.[1];
    const entry = { many: parts.find(p => p[0] === 'msgid_plural')?.[1], forms: parts.filter(p => p[0] === 'msgstr').map(p => p[1]) };
    if (id) po.entries.set(id, entry);
    else if (id === '') [po.plurals, po.language] = ['Plural-Forms', 'Language'].map(name => entry.forms[0].match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1]);
    if (/^#,.*\bfuzzy\b/m.test(block)) po.fuzzy.push(id);
  }
  return po;
}

function merged(po) {
  const count = +po.plurals.match(/nplurals *= *(\d)/)[1];
  return render((id, many) => {
    const old = po.entries.get(id);
    return old && old.many === many ? old.forms : Array(many ? count : 1).fill('');
  }, po.plurals, po.language);
}

// The values a text takes: conversions in C's, in the order of the arguments, and variables in a template's, in any.
function values(text) {
  const conversions = [...text.replace(/%%/g, '').matchAll(/%(?:(\d)\$)?[-+ #0-9.*]*(?:[hlzjt]*[a-z])?/g)];
  const order = conversions.map((m, i) => +(m[1] ?? i + 1)).sort().join(' ');
  return [order, ...[...text.matchAll(/\{\{[^}]*\}\}/g)].map(m => m[0]).sort()].join();
}

// Complaints about one .po, and how much of it is done.
function judge(po, release) {
  const complaints = po.fuzzy.map(id => `${po.path}: "${id}" is marked as fuzzy: make it right and take the mark away`);
  let done = 0;
  for (const [id, { many, forms }] of po.entries)
    for (const text of forms)
      if (text && values(text) !== values(id)) complaints.push(`${po.path}: "${text}" takes other values than "${id}"`);
      else if (text && many && values(text) !== values(many)) complaints.push(`${po.path}: "${text}" takes other values than "${many}"`);
  for (const [id, { many }] of texts) {
    const entry = po.entries.get(id);
    if (entry && entry.many === many && entry.forms.every(text => text)) done++;
    else if (release) complaints.push(`${po.path}: "${id}" is not translated`);
  }
  console.log(`${po.path}: ${done} of ${texts.size} texts translated (${Math.floor(done * 100 / texts.size)} %)`);
  return complaints;
}

const [mode, out] = process.argv.slice(2);
const wanted = render((id, many) => many ? ['', ''] : [''], 'nplurals=INTEGER; plural=EXPRESSION;');
const pos = files('locale', /\.po$/).map(readPo);
if (mode === '--pseudo') writeFileSync(out, render((id, many) => (many ? [id, many] : [id]).map(pseudo), 'nplurals=2; plural=(n != 1);', 'en_XA'));
else if (mode === '--check' || mode === '--check-release') {
  const complaints = pos.flatMap(po => judge(po, mode === '--check-release'));
  if (readFileSync(pot, 'utf8') !== wanted) complaints.push('locale/tocsin.pot is stale: run `node tools/messages.mjs` and commit it');
  for (const text of complaints) console.error(text);
  process.exitCode = complaints.length ? 1 : 0;
} else {
  writeFileSync(pot, wanted);
  for (const po of pos) writeFileSync(join(root, po.path), merged(po));
}

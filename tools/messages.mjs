// Collects every text that people read and can be translated: {{#t}} in the templates, and in C what web_text, web_format, web_count
// (and their language_… forms), N_ and fail…() are given.
//
//   node tools/messages.mjs                 writes locale/tocsin.pot
//   node tools/messages.mjs --check         fails if that file is not what would be written, or a translation loses a value
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
  N_: [0], web_text: [1], language_text: [1], web_format: [1], language_format: [2], web_count: [1, 2], language_count: [2, 3],
};
// What failed, told to the person who filled in the form. Other floors, and addresses of programs, speak to logs and programs only.
const FAILURES = { fail: [2], fail_field: [2], fail_name: [2] };
const TOLD = /^src\/(base\/field|domain|store|engine|web)(?!\/(am|ingest|openapi|metrics|health|writer|notifier)\w*\.c)/;

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

function fromSource(path) {
  const tokens = [...readFileSync(join(root, path), 'utf8').matchAll(TOKEN)].map(m => m[0]).filter(t => !/^(\s|\/\*|\/\/)/.test(t));
  for (let i = 0; i + 1 < tokens.length; i++) {
    const which = MARKS[tokens[i]] ?? (TOLD.test(path) ? FAILURES[tokens[i]] : undefined);
    if (!which || tokens[i + 1] !== '(') continue;
    const given = callArguments(tokens, i + 1);
    const [one, many] = which.map(k => literal(given[k] ?? []));
    if (one !== undefined) add(path, one, many);
  }
  if (path === 'src/base/error.h')
    for (const m of readFileSync(join(root, path), 'utf8').matchAll(/^ +X\(\w+,.*("[^"]*")\)/gm)) add(path, value(m[1]));
}

const quote = s => `"${s.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;

function render(translate, plurals, language) {
  const head = ['Project-Id-Version: tocsin', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit',
    `Plural-Forms: ${plurals}`, ...(language ? [`Language: ${language}`] : [])];
  const blocks = [`msgid ""\nmsgstr ""\n${head.map(h => quote(h + '\n')).join('\n')}\n`];
  for (const [id, { many, where }] of [...texts].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
    blocks.push([...[...where].sort().map(w => `#: ${w}`), `msgid ${quote(id)}`,
      ...(many ? [`msgid_plural ${quote(many)}`, `msgstr[0] ${quote(translate(id))}`, `msgstr[1] ${quote(translate(many))}`] : [`msgstr ${quote(translate(id))}`]), ''].join('\n'));
  return blocks.join('\n');
}

const ACCENTS = Object.fromEntries('AÅBƁCĆDĐEÉFƑGĞHĤIÎJĴKĶLĻMṀNÑOÖPÞQǪRŔSŠTŢUÛVṼWŴXẊYÝZŽaåbƀcćdđeéfƒgğhĥiîjĵkķlļmṁnñoöpþqǫrŕsštţuûvṽwŵxẋyýzž'
  .match(/../gu).map(pair => [...pair]));
// Conversions, variables, tags and entities stay.
const pseudo = text => `⟦${text.replace(/%(?:\d\$)?[-+ #0-9.*]*[hlzjt]*[a-z%]|\{\{[^}]*\}\}|<[^>]*>|&\w+;|[A-Za-z]/g, t => t.length > 1 ? t : ACCENTS[t])}⟧`;

for (const path of files('templates', /\.(html|mustache)$/)) fromTemplate(path);
for (const path of files('src', /\.[ch]$/)) fromSource(path);

// How many values a text takes: conversions in C's, variables in a template's.
const values = text => (text.replace(/%%/g, '').match(/%|\{\{[^}]*\}\}/g) ?? []).length;

// Complaints about one .po: a translation that has lost a value, or has one too many.
function losses(path) {
  const unquote = lines => [...lines.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(m => value(m[0])).join('');
  return readFileSync(path, 'utf8').split(/\n\s*\n/).flatMap(block => {
    const parts = [...block.matchAll(/^(msgid|msgid_plural|msgstr)(?:\[\d\])? ((?:".*"\s*)+)/gm)].map(m => [m[1], unquote(m[2])]);
    const id = parts.find(p => p[0] === 'msgid')?.[1];
    return id ? parts.filter(([kind, text]) => kind === 'msgstr' && text && values(text) !== values(id)).map(([, text]) => `${path}: "${text}" takes other values than "${id}"`) : [];
  });
}

const [mode, out] = process.argv.slice(2);
const wanted = render(() => '', 'nplurals=INTEGER; plural=EXPRESSION;');
if (mode === '--pseudo') writeFileSync(out, render(pseudo, 'nplurals=2; plural=(n != 1);', 'en_XA'));
else if (mode !== '--check') writeFileSync(pot, wanted);
else {
  const complaints = files('locale', /\.po$/).flatMap(path => losses(join(root, path)));
  if (readFileSync(pot, 'utf8') !== wanted) complaints.push('locale/tocsin.pot is stale: run `node tools/messages.mjs` and commit it');
  for (const text of complaints) console.error(text);
  process.exitCode = complaints.length ? 1 : 0;
}

// The engine of src/text/mustache.h in small, for looking at the pages without the server: interpolation, sections,
// partials, filters and {{#t}}. It is stricter than the engine: a name found in no scope is an error, and so is one that a
// list item leaves to an outer scope, since there it would mean something else (only page, id and version may be reached for).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = text => text.replace(/[&<>"]/g, c => ESCAPES[c]);
const OUTER = new Set(['page', 'id', 'version', 'incident_id', 'service_id', 'policy_id', 'person_id', 'choices']);

function parse(source, name) {
  const root = { children: [] }, open = [root];
  const tag = /\{\{\{\s*([\w.|]+)\s*\}\}\}|\{\{([#^/>!]?)\s*([^}]*?)\s*\}\}/g;
  let at = 0, m;
  const top = () => open[open.length - 1];
  while ((m = tag.exec(source))) {
    if (m.index > at) top().children.push({ kind: 'text', text: source.slice(at, m.index) });
    at = tag.lastIndex;
    if (m[1]) {
      if (!m[1].startsWith('html_')) throw new Error(`${name}: raw ${m[1]}`);
      top().children.push({ kind: 'raw', key: m[1] });
    } else if (m[2] === '#' && m[3] === 't') {
      const end = source.indexOf('{{/t}}', at);
      if (end < 0) throw new Error(`${name}: {{#t}} without end`);
      top().children.push({ kind: 'msg', id: source.slice(at, end) });
      at = tag.lastIndex = end + 6;
    } else if (m[2] === '#' || m[2] === '^') {
      const node = { kind: m[2], key: m[3], children: [] };
      top().children.push(node);
      open.push(node);
    } else if (m[2] === '/') {
      if (top().key !== m[3]) throw new Error(`${name}: {{/${m[3]}}} closes {{#${top().key}}}`);
      open.pop();
    } else if (m[2] === '>') top().children.push({ kind: 'partial', key: m[3] });
    else if (m[2] !== '!') top().children.push({ kind: 'value', key: m[3] });
  }
  if (open.length > 1) throw new Error(`${name}: {{#${top().key}}} is not closed`);
  root.children.push({ kind: 'text', text: source.slice(at) });
  return root.children;
}

const isObject = v => v !== null && typeof v === 'object' && !Array.isArray(v);

export function engine({ dir, filters, translate = text => text }) {
  const cache = new Map();
  const load = name => {
    if (!cache.has(name)) cache.set(name, parse(readFileSync(join(dir, name + '.html'), 'utf8').replace(/\n$/, ''), name));
    return cache.get(name);
  };

  function find(stack, key, name) {
    if (key === '.') return stack[stack.length - 1];
    const [head, ...rest] = key.split('.');
    const objects = stack.filter(isObject);
    let value, i = objects.length - 1;
    for (; i >= 0 && !(head in objects[i]); i--);
    if (i < 0) throw new Error(`${name}: unknown name '${key}'`);
    if (i < objects.length - 1 && !OUTER.has(head)) throw new Error(`${name}: '${key}' is found in an outer scope only`);
    value = objects[i][head];
    for (const part of rest) {
      if (value === null || value === undefined) return null;
      if (!(part in value)) {
        if (head === 'page' && ['errors', 'input', 'failed', 'user'].includes(rest[0])) return null;
        throw new Error(`${name}: unknown name '${key}'`);
      }
      value = value[part];
    }
    return value;
  }
  const show = (stack, expr, name) => {
    const [key, filter] = expr.split('|').map(s => s.trim());
    const value = find(stack, key, name);
    if (value === null) return '';
    if (typeof value === 'object') throw new Error(`${name}: '${key}' is not a scalar`);
    if (!filter) return String(value);
    if (!filters[filter]) throw new Error(`${name}: no filter '${filter}'`);
    return filters[filter](value, stack[0].page);
  };
  function run(nodes, stack, name) {
    let out = '';
    for (const n of nodes) {
      if (n.kind === 'text') out += n.text;
      else if (n.kind === 'msg') {
        out += run(parse(translate(n.id), name), stack, name);
      } else if (n.kind === 'partial') out += run(load(n.key), stack, n.key);
      else if (n.kind === 'value') out += escape(show(stack, n.key, name));
      else if (n.kind === 'raw') out += show(stack, n.key, name);
      else {
        const value = find(stack, n.key, name);
        if (value === 0 || value === '') throw new Error(`${name}: {{${n.kind}${n.key}}} is asked of ${JSON.stringify(value)}: give null or a flag`);
        const no = value === null || value === false || (Array.isArray(value) && !value.length);
        if (n.kind === '^') out += no ? run(n.children, stack, name) : '';
        else if (!no) for (const item of Array.isArray(value) ? value : [value]) out += run(n.children, [...stack, item], name);
      }
    }
    return out;
  }
  return { render: (name, view) => run(load(name), [view], name) };
}

// The filters of the C side, in UTC.
const two = n => String(n).padStart(2, '0');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const seconds = us => Math.floor(Math.abs(us) / 1e6);
function clock(us) {
  const s = seconds(us), h = Math.floor(s / 3600);
  return (us < 0 ? '−' : '') + (h ? h + ':' : '') + two(Math.floor(s % 3600 / 60)) + ':' + two(s % 60);
}
function duration(us) {
  const s = seconds(us), parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];
  const first = parts.findIndex(([n]) => s >= n);
  if (first < 0) return '0s';
  const [n, unit] = parts[first], next = parts[first + 1];
  const rest = next ? Math.floor(s % n / next[0]) : 0;
  return `${Math.floor(s / n)}${unit}` + (rest ? ` ${rest}${next[1]}` : '');
}
const until = (value, page) => (Date.parse(value) - Date.parse(page.now)) * 1e3;
export const filters = {
  time: v => v.slice(11, 16),
  date: v => `${+v.slice(8, 10)} ${MONTHS[+v.slice(5, 7) - 1]} ${v.slice(0, 4)}`,
  datetime: v => `${v.slice(0, 10)} ${v.slice(11, 16)}`,
  ago: (v, page) => {
    const s = seconds(until(v, page)), n = s < 90 ? 1 : s < 5400 ? Math.round(s / 60) : s < 129600 ? Math.round(s / 3600) : Math.round(s / 86400);
    return s < 60 ? 'just now' : `${n}\u00a0${s < 5400 ? 'min' : s < 129600 ? 'h' : 'days'} ago`;
  },
  duration,
  clock,
  count: v => String(v).replace(/\B(?=(\d{3})+$)/g, '\u2009'),
  // A word of the API for people: in_review → In review (translated by the server).
  name: v => v.charAt(0).toUpperCase() + v.slice(1).replaceAll('_', ' '),
  // … a status in the words of the policy pack.
  status: v => v.charAt(0).toUpperCase() + v.slice(1).replaceAll('_', ' '),
  initials: v => v.split(/\s+/).map(w => w[0]).join('').slice(0, 2).toUpperCase(),
  offset: us => (us < 0 ? 'T−' : 'T+') + Math.floor(seconds(us) / 60),
  elapsed: (v, page) => clock(-until(v, page)),
  remaining: (v, page) => clock(until(v, page)),
  // A duration of a pack: 15m to 30m.
  span: v => v.replace(' to ', ' – '),
};

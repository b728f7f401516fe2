// Hostile text in every text field that the API describes: stored as it is, shown as text, everywhere. The list of fields is
// the server's own description of its API, so that a field which is added tomorrow is tried as well.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, Rig, run, story, until } from './lib.mjs';

after(closeBrowser);

// Whatever becomes an element carries data-xss; whatever runs would say so on the console.
const HOSTILE = [
  `"><img src=x onerror=alert(1) data-xss>`, `'onmouseover=alert(1) data-xss='`, '<script data-xss>alert(1)</script>',
  '</textarea><svg/onload=alert(1) data-xss>', '</title><b data-xss>', '[a](javascript:alert(1))', '![a](x"onerror=alert(1))',
  '<a href="java&#115;cript:alert(1)" data-xss>b</a>', '{{page.csrf}}{{{page.csrf}}}{{#page}}', '<!-- ]]> -->', '%s%n&lt;b&gt;',
];
const long = HOSTILE.join(' ');
let turn = 0;
const text = max => (max >= long.length ? long : HOSTILE.filter(h => h.length <= max)[turn++ % HOSTILE.filter(h => h.length <= max).length] ?? 'x'.repeat(max));

// Routes that would end the test's own session, or need a secret nobody is told.
const SKIP = /^\/(signin|signout|setup|a|p)\b|\/(password|tokens|remove|delete|revoke|deactivate|activate|merge|github|gitlab)(\/|$)|^\/(in|packs)\//;

function value(name, schema, known) {
  const types = [].concat(schema.type), id = known[`${name.replace(/_id$/, '')}`];
  if (schema.enum) return schema.enum.find(v => v !== null);
  if (name.endsWith('_id') || name === 'target') return id;
  if (name === 'severity' || name === 'default_severity') return 'SEV2';
  if (name === 'role') return 'commander';
  if (types.includes('boolean')) return false;
  if (types.includes('integer') || types.includes('number')) return schema.minimum ?? 1;
  if (schema.format === 'date-time') return undefined;
  if (types.includes('string')) return text(schema.maxLength ?? 200);
  return undefined;
}

// Tries what is described, gives up on what is refused by name, and says whether it was taken at last.
async function fill(tocsin, path, schema, known, start = {}) {
  const body = { ...start };
  for (const [name, s] of Object.entries(schema.properties ?? {})) {
    const v = name in start ? start[name] : name === 'version' ? undefined : value(name, s, known);
    if (v !== undefined) body[name] = v;
  }
  for (let tries = 0; tries < 6; tries++) {
    const answer = await fetch(tocsin.url + path, { method: 'POST', redirect: 'manual', body: JSON.stringify(body),
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${tocsin.token}` } });
    assert.ok(answer.status < 500, `${path}: ${answer.status} ${await answer.clone().text()}`);
    if (answer.ok) return { body, made: await answer.json().catch(() => ({})) };
    const problem = await answer.json();
    if (answer.status !== 422 || !problem.errors?.length) return { refused: problem.detail };
    for (const { field } of problem.errors) {
      const s = schema.properties[field] ?? {};
      if (s.examples?.length && body[field] !== s.examples[0]) body[field] = s.examples[0];
      else delete body[field];
    }
  }
  return { refused: 'again and again' };
}

test('hostile text in every field', async t => {
  const rig = await Rig.start(t, { needs: ['mail'] });
  const { tocsin, mail } = rig;
  const step = story(t);
  const api = JSON.parse(run('openapi'));
  const known = {}, ids = {};
  let desk;

  await step('a service, a person, an incident of alerts that are hostile too', async () => {
    const context = await rig.context();
    desk = await context.newPage();
    await rig.setUp(desk);
    const person = await tocsin.addPerson(long.slice(0, 80), 'eve@example.org');
    const policy = await tocsin.addPolicy('page eve', [[0, person.id]]);
    const service = await tocsin.defaultService();
    await tocsin.post(`/services/${service.id}`, { policy_id: policy.id, group_wait: '0s' });
    const answer = await fetch(`${tocsin.alertmanager}/api/v2/alerts`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: long, severity: 'critical', team: '<b data-xss>' }, generatorURL: 'http://x/"onclick=alert(1)',
        annotations: { summary: `Down\r\nBcc: everybody@example.org\r\n\r\n${long}`, description: long, runbook_url: 'javascript:alert(1)' } }]) });
    assert.equal(answer.status, 200);
    const { id } = await until('its incident', async () => (await tocsin.get('/incidents')).open[0]);
    await tocsin.post(`/incidents/${id}/acknowledge`);
    const pm = await tocsin.post(`/incidents/${id}/postmortem`);
    const alert = (await tocsin.get('/alerts')).items?.[0] ?? (await tocsin.get(`/incidents/${id}`)).alerts[0];
    Object.assign(known, { user: person.id, owner: person.id, author: person.id, service: service.id, policy: policy.id, target: person.id, incident: id });
    Object.assign(ids, { incidents: id, services: service.id, people: person.id, policies: policy.id, postmortems: pm.id, alerts: alert.id });
  });

  await step('its mail has the headers it should have, and no more', async () => {
    const [page] = await until('the page', () => { const all = mail.to('eve@example.org'); return all.length && all; });
    assert.equal(page.headers.bcc, undefined);
    assert.ok(!/[\r\n]/.test(page.headers.subject), 'a subject of one line');
    assert.ok(page.headers.subject.includes('Down'), page.headers.subject);
    assert.ok(!mail.to('everybody@example.org').length);
    const refused = await fetch(`${tocsin.url}/incidents`, { method: 'POST', body: JSON.stringify({ title: 'Down\r\nBcc: x@example.org', severity: 'SEV3' }),
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Bearer ${tocsin.token}` } });
    assert.equal(refused.status, 422);
    assert.equal((await refused.json()).errors[0].field, 'title');
  });

  // "/incidents/{id}/tasks/{task}" with what is known; null if something is not.
  const address = path => {
    let out = '', collection = '';
    for (const part of path.split('/').slice(1)) {
      if (!part.startsWith('{')) { out += `/${part}`; collection = collection ? `${collection}/${part}` : part; continue; }
      const id = ids[collection];
      if (id === undefined) return null;
      out += `/${id}`;
      collection += '/{}';
    }
    return out;
  };
  const posts = Object.entries(api.paths).filter(([path, methods]) => methods.post && !SKIP.test(path))
    .map(([path, { post }]) => [path, Object.values(post.requestBody?.content ?? {})[0]?.schema ?? {}]);

  await step('every field that is described takes it or refuses it by name', async s => {
    const taken = new Set(), refused = new Map();
    for (let round = 0; round < 2; round++)
      for (const [path, schema] of posts) {
        const to = address(path);
        // What ends an incident comes last, so that the others are tried on an open one.
        if (!to || (round === 0) === /\/(status|resolve|reopen|close)$/.test(path)) continue;
        const current = /^\/(services|policies|people|postmortems)\/\{id\}$/.test(path) ? await tocsin.get(to) : {};
        const result = await fill(tocsin, to, schema, known, current.version ? { version: current.version } : {});
        if (result.refused) { refused.set(path, result.refused); continue; }
        taken.add(path);
        refused.delete(path);
        const collection = path.slice(1).replace(/\{\w+\}/g, '{}');
        if (result.made?.id && !path.endsWith('}')) ids[collection] ??= result.made.id;
      }
    s.diagnostic(`${taken.size} of ${posts.length} kinds of requests were taken`);
    for (const [path, why] of refused) if (!taken.has(path)) s.diagnostic(`not taken: ${path}: ${why}`);
    assert.ok(taken.size >= posts.length * 0.6, 'most were taken');
  });

  await step('no page makes anything of it', async s => {
    const seen = new Set(), queue = Object.entries(api.paths).filter(([, m]) => m.get).map(([p]) => address(p)).filter(Boolean);
    const found = [];
    queue.unshift('/incidents', `/incidents/${ids.incidents}`);
    while (queue.length && seen.size < 150) {
      const path = queue.shift();
      if (seen.has(path) || /^\/(signout|stream|assets|a\/|api\/|metrics|in\/)/.test(path)) continue;
      seen.add(path);
      const answer = await fetch(tocsin.url + path, { headers: { Accept: 'text/html', Authorization: `Bearer ${tocsin.token}` }, redirect: 'manual' });
      assert.ok(answer.status < 500, `${path}: ${answer.status}`);
      const html = await answer.text();
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
      // The parser of a browser, without running anything.
      const result = await desk.evaluate(source => {
        const parsed = new DOMParser().parseFromString(source, 'text/html');
        const all = [...parsed.querySelectorAll('*')];
        return {
          bad: all.filter(e => e.hasAttribute('data-xss') || [...e.attributes].some(a => /^on/i.test(a.name)) || (e.tagName === 'SCRIPT' && !e.getAttribute('src'))
            || ['href', 'src', 'action', 'formaction', 'xlink:href'].some(a => /^\s*(javascript|vbscript|data):/i.test(e.getAttribute(a) ?? ''))).map(e => e.outerHTML.slice(0, 200)),
          links: all.filter(e => e.tagName === 'A').map(e => e.getAttribute('href')),
          text: parsed.body.textContent,
        };
      }, html);
      found.push(...result.bad.map(b => `${path}: ${b}`));
      for (const link of result.links) if (link?.startsWith('/') && !link.startsWith('//')) queue.push(link.split('#')[0]);
      if (path === `/incidents/${ids.incidents}`) assert.ok(result.text.includes('{{page.csrf}}{{{page.csrf}}}{{#page}}'), 'Mustache in a text stays text');
    }
    s.diagnostic(`${seen.size} pages`);
    assert.deepEqual(found, []);
  });

  await step('in a real browser nothing runs either', async () => {
    for (const path of [`/incidents/${ids.incidents}`, '/alerts', `/postmortems/${ids.postmortems}`, '/people', '/services'])
      await desk.goto(path);
    assert.deepEqual(rig.complaints.filter(c => !/favicon/.test(c)), []);
  });

  await step('Markdown that wants to explode is a page like another', async s => {
    const n = 190_000;
    const bombs = ['['.repeat(n), '> '.repeat(n / 2), '*a **b '.repeat(n / 7), '- '.repeat(n / 2), '![x]('.repeat(n / 5), '`'.repeat(n), '| a '.repeat(n / 4)];
    for (const bomb of bombs) {
      const pm = await tocsin.get(`/postmortems/${ids.postmortems}`);
      await tocsin.post(`/postmortems/${ids.postmortems}`, { title: pm.title, body: bomb, version: pm.version });
      const began = Date.now();
      const answer = await fetch(`${tocsin.url}/postmortems/${ids.postmortems}`, { headers: { Accept: 'text/html', Authorization: `Bearer ${tocsin.token}` } });
      const size = (await answer.text()).length, took = Date.now() - began;
      assert.equal(answer.status, 200);
      assert.ok(size < 4_000_000, `${JSON.stringify(bomb.slice(0, 6))}… becomes ${size} bytes`);
      s.diagnostic(`${JSON.stringify(bomb.slice(0, 7))}…: ${size} bytes in ${took} ms`);
    }
  });
});

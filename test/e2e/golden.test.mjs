// The recorded conversation with a real Alertmanager, once more with us, over HTTP: status, type and body are the same.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { Rig, root } from './lib.mjs';

const record = join(root, '../shared/data/interop/alertmanager/golden-v2-0.25.0.json');
// When the record was made: the times in its requests are moved by as much as lies between then and now.
const RECORDED = Date.parse('2026-11-21T11:22:26Z');

// What is not ours to answer, and why.
const ELSEWHERE = [
  [/silence/, 'silences come with a later feature'],
  [/\/groups/, 'groups come with a later feature'],
  [/^\/api\/v1\//, 'version 1 was removed from Alertmanager after the record was made'],
  [/^\/-\/reload/, 'there is no configuration file to load'],
];
// Cases whose body cannot be the same: what it must be.
const beginning = text => body => assert.ok(body.startsWith(text), body);
const OURS = {
  // What is wrong with a text is said in the words of our own parsers.
  'not json': beginning('{"code":400,"message":"parsing alerts body from \\"\\" failed, because '),
  'bad receiver regex': beginning('"failed to parse receiver param: '),
  // Neither true nor false counts as false; of what is not active the recorded server had one alert, inhibited by an earlier test.
  'bad bool param': body => assert.equal(body, '[]\n'),
  // Its configuration is its own; the shape is the same.
  status: (body, recorded) => {
    const shape = v => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, shape(w)])) : typeof v);
    assert.deepEqual(shape(JSON.parse(body)), shape(JSON.parse(recorded)));
  },
};
// HEAD has the headers of GET, which say the type; the recorded server left it out.
const TYPE = { 'healthy HEAD': 'text/plain; charset=utf-8' };

const move = text => text?.replace(/2026-11-21T[\d:.]+Z/g, time => new Date(Date.now() + Date.parse(time) - RECORDED).toISOString());
// Without what differs from run to run; `mutedBy` is in answers since 0.28.
const mask = text => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'T').replaceAll('"mutedBy":[],', '').replaceAll('{"name":"all"}', '{"name":"default"}');

function send(base, c) {
  const headers = { ...(c.content_type ? { 'Content-Type': c.content_type } : {}), ...(c.name.startsWith('Accept: ') ? { Accept: c.name.slice(8) } : {}) };
  const body = c.request_body === null || c.request_body === undefined ? undefined : Buffer.from(move(c.request_body));
  if (body) headers['Content-Length'] = body.length;
  return new Promise((done, failed) => {
    request(base + c.path, { method: c.method, headers }, answer => {
      const chunks = [];
      answer.on('data', d => chunks.push(d)).on('end', () => done({ status: answer.statusCode, type: answer.headers['content-type'] ?? null, body: Buffer.concat(chunks).toString('utf8') }));
    }).on('error', failed).end(body);
  });
}

test('the recorded answers of an Alertmanager', { skip: !existsSync(record) && 'the record is not here' }, async t => {
  const { tocsin } = await Rig.start(t);
  const cases = JSON.parse(readFileSync(record, 'utf8'));
  const left = {};
  let met = 0;
  for (const c of cases) {
    const why = ELSEWHERE.find(([pattern]) => pattern.test(c.path))?.[1];
    if (why) {
      left[why] = (left[why] ?? 0) + 1;
      continue;
    }
    await t.test(c.name, async () => {
      const { status, type, body } = await send(tocsin.alertmanager, c);
      assert.deepEqual({ status, type }, { status: c.status, type: TYPE[c.name] ?? c.response_content_type });
      if (OURS[c.name]) OURS[c.name](body, c.response_body);
      else assert.equal(mask(body), mask(c.response_body));
      met++;
    });
  }
  t.diagnostic(`${met} of ${cases.length} recorded answers met; ${Object.entries(left).map(([why, n]) => `${n}: ${why}`).join('; ')}`);
});

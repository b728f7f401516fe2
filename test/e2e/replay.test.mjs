// Three real incidents, as their teams published them, told again through the API: the timeline, the durations and the
// generated report have to say what the published ones say. The texts are read where they are, never kept here.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { join } from 'node:path';
import { databases, lacking, Rig, root, story } from './lib.mjs';

const data = join(root, '../shared/data/03_postmortems');
const MINUTE = 60_000_000; // in the server's microseconds
const truth = (name, file) => readFileSync(join(data, `ground_truth_${name}.jsonl`), 'utf8').trim().split('\n')
  .map(line => JSON.parse(line)).find(row => row.file.endsWith(file));
const published = file => readFileSync(join(data, file), 'utf8');
const utc = text => new Date(`${text.trim().replace(' ', 'T')}:00Z`).toISOString().replace('.000', '');
const later = (at, minutes) => new Date(Date.parse(at) + minutes * 60_000).toISOString().replace('.000', '');
const minutes = us => us / MINUTE;

// Rows "| 2021-03-31 12:06 | what happened |".
function table(text) {
  return [...text.matchAll(/^\|\s*(\d{4}-\d\d-\d\d \d\d:\d\d)\s*\|\s*(.+?)\s*\|\s*$/gm)].map(m => ({ at: utc(m[1]), text: m[2] }));
}

// "Date: …, Time to detection, Time to recovery" of one collection: both are counted from the first row.
function dfds(file, severity) {
  const fact = truth('dfds', file), text = published(`dfds/${file}`), rows = table(text), started = rows[0].at;
  assert.equal(rows.length, fact.timeline_rows, `${file}: rows of its table`);
  return { title: /^# (.+)$/m.exec(text)[1], severity, rows, started, detected: later(started, fact.stated_time_to_detection_min),
    resolved: later(started, fact.stated_time_to_recovery_min), lasted: fact.stated_time_to_recovery_min,
    detection: fact.stated_time_to_detection_min };
}

// The other collection lists key events and counts from detection on.
function keyEvents(file, severity) {
  const fact = truth('moj', file), text = published(`moj-cloud-platform/${file}`), at = fact.utc;
  const iso = t => t.replace('Z', ':00Z');
  const rows = [['detected', 'Fault detected'], ['declared', 'Incident declared'], ['repaired', 'Repaired'], ['resolved', 'Resolved']]
    .filter(([key]) => at[key]).map(([key, what]) => ({ at: iso(at[key]), text: what }));
  return { title: /^title: (.+)$/m.exec(text)[1], severity, rows, started: iso(at.detected), detected: iso(at.detected),
    resolved: iso(at.resolved), lasted: fact.stated_resolve_min, detection: 0 };
}

const cases = () => [
  dfds('PM2021-004---ADFS-outage.md', 'SEV1'),
  dfds('PM2022-007---Kafka-metrics-stopped-being-exported-to-Prometheus.md', 'SEV2'),
  keyEvents('2020-09-28-termination-nodes-updating-kops.md', 'SEV2'),
];

// As a reader of the table sees them: newlines, marks and links are how Markdown writes them.
const plain = text => text.replace(/\\(.)/g, '$1');

for (const database of databases) {
  const missing = !existsSync(data) && 'the published postmortems are not here';
  test(`three real incidents again, on ${database}`, { skip: lacking(database) || missing }, async t => {
    const { tocsin } = await Rig.start(t, { database });
    const step = story(t);

    for (const real of cases()) {
      let incident;
      await step(`${real.title}: recorded afterwards, notes in any order`, async () => {
        incident = await tocsin.post('/incidents', { title: real.title, severity: real.severity, page: false,
          started_at: real.started, detected_at: real.detected, acknowledged_at: real.detected });
        // People remember in no order: every second row first.
        for (const row of [...real.rows.filter((_, k) => k % 2), ...real.rows.filter((_, k) => !(k % 2))])
          await tocsin.post(`/incidents/${incident.id}/notes`, { text: row.text, at: row.at });
        await tocsin.post(`/incidents/${incident.id}/resolve`, { text: 'As published', at: real.resolved });
        incident = await tocsin.get(`/incidents/${incident.id}`);
      });

      await step('its timeline is the published one', async s => {
        const { events } = await tocsin.get(`/incidents/${incident.id}/timeline`);
        const told = events.filter(e => e.kind === 'note').sort((a, b) => a.at.localeCompare(b.at) || 0);
        assert.deepEqual(told.map(e => e.at.replace(/\.\d+Z$/, 'Z')), real.rows.map(r => r.at));
        assert.deepEqual(new Set(told.map(e => e.text)), new Set(real.rows.map(r => r.text)));
        s.diagnostic(`${told.length} entries`);
      });

      await step('its durations are the published ones', async s => {
        assert.equal(minutes(incident.duration_us), real.lasted);
        assert.equal((Date.parse(incident.detected_at) - Date.parse(incident.started_at)) / 60_000, real.detection);
        s.diagnostic(`detected after ${real.detection} min, over after ${real.lasted} min`);
      });

      await step('the generated report tells it in its order', async () => {
        const review = await tocsin.post(`/incidents/${incident.id}/postmortem`);
        const report = await tocsin.api('GET', `/postmortems/${review.id}/markdown`);
        assert.ok(report.includes(real.title), 'its title');
        const lines = report.slice(report.indexOf('## Timeline')).split('\n').filter(l => l.startsWith('| ')).map(plain);
        const places = real.rows.map(row => lines.findIndex(l => l.includes(row.at.slice(11, 16)) && l.includes(row.text)));
        assert.ok(!places.includes(-1), `missing: ${JSON.stringify(real.rows[places.indexOf(-1)])}`);
        const times = places.map((place, k) => [real.rows[k].at, place]);
        for (let k = 1; k < times.length; k++)
          if (times[k - 1][0] < times[k][0]) assert.ok(times[k - 1][1] < times[k][1], `${times[k][0]} stands before ${times[k - 1][0]}`);
        const days = Math.floor(real.lasted / 1440), hours = Math.floor(real.lasted % 1440 / 60), rest = real.lasted % 60;
        const words = [days && `${days}d`, hours && `${hours}h`, rest && `${rest}m`].filter(Boolean).join(' ');
        assert.ok(report.includes(`Duration: ${words}`), `Duration: ${words} in ${report.slice(0, 200)}`);
      });
    }
  });
}

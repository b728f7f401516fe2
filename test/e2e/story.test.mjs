// The story of one incident, from a metric that rises to a lesson written down, on both databases and with real parts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { closeBrowser, databases, lacking, PHONE, Rig, story, until } from './lib.mjs';

after(closeBrowser);

// What this test sees and what the server writes down are apart by a poll (25 ms), a request and a commit, on a machine that
// runs a browser, a database and Prometheus beside them.
const TOLERANCE = 1500;
// Long enough for a person, or a slow machine with a browser, to answer the first page; the story itself lasts longer.
const SECOND_STEP = 15;
// Where nobody is to answer.
const IMPATIENT = 3;

const ms = us => Math.round(us / 1000);
const near = (what, measured, expected, say) => {
  say(`${what}: the server says ${measured} ms, the stopwatch ${expected} ms`);
  assert.ok(Math.abs(measured - expected) <= TOLERANCE, `${what}: ${measured} ms is not ${expected} ± ${TOLERANCE} ms`);
};
const kinds = incident => incident.events.map(e => e.kind);

for (const database of databases) {
  test(`the story, on ${database}`, { skip: lacking(database) }, async t => {
    const rig = await Rig.start(t, { database, needs: ['mail', 'sink', 'prometheus'] });
    const { tocsin, gauge, mail, sink, prometheus } = rig;
    const step = story(t);
    const clock = {};
    let desk, phone, responder, webhook, service, incident, path;
    const read = async () => { incident = await tocsin.get(path); return incident; };

    await step('the administrator opens the set-up link and chooses a password', async () => {
      const context = await rig.context();
      desk = await context.newPage();
      await rig.setUp(desk);
      assert.equal(await desk.textContent('h1'), 'Incidents');
      // It works once.
      const again = await fetch(tocsin.setupUrl, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'Eve', email: 'eve@example.org', password: 'let me in, please' }) });
      assert.ok(again.status >= 400 && again.status < 500, `the link was used twice: ${again.status}`);
    });

    await step('a responder, a webhook and a policy answer for the service', async () => {
      responder = await tocsin.addPerson('Mara Lindqvist', 'mara@example.org');
      webhook = await tocsin.post('/webhooks', { name: 'chat bridge', url: sink.url });
      const policy = await tocsin.addPolicy('payments on-call', [[0, responder.id], [SECOND_STEP, webhook.id]]);
      service = await tocsin.defaultService();
      await tocsin.post(`/services/${service.id}`, { policy_id: policy.id, group_wait: '0s' });
      assert.equal((await tocsin.get(`/services/${service.id}`)).policy_id, policy.id);
    });

    await step('the metric rises, Prometheus fires, an incident is open', async s => {
      assert.deepEqual((await tocsin.get('/incidents')).open, []);
      gauge.value = 250;
      const fired = until('Prometheus fires', () => prometheus.firing()).then(() => Date.now());
      const row = await until('the incident is open', async () => (await tocsin.get('/incidents')).open[0]);
      clock.detected = Date.now();
      s.diagnostic(`open ${Math.max(0, clock.detected - await fired)} ms after Prometheus said it fires`);
      path = `/incidents/${row.id}`;
      await read();
      assert.match(incident.number, /^INC-\d{8}-\d{3}$/);
      assert.equal(incident.title, 'Payment jobs pile up: 250 wait');
      assert.equal(incident.severity, 'SEV2');
      assert.equal(incident.status, 'triage');
      assert.deepEqual(incident.services.map(x => x.name), ['default']);
      assert.equal(incident.alerts.length, 1);
      assert.equal(incident.alerts[0].name, 'QueueTooLong');
    });

    let link;
    await step('a mail arrives by STARTTLS, with both parts and the link', async s => {
      const [page] = await until('the page arrives', () => { const all = mail.to('mara@example.org'); return all.length && all; });
      s.diagnostic(`in the mailbox ${Date.now() - clock.detected} ms after the incident was open`);
      assert.equal(page.headers['x-envelope-tls'], 'yes');
      assert.equal(page.headers['x-envelope-from'], 'tocsin@example.org');
      assert.match(page.headers['content-type'], /^multipart\/alternative/);
      assert.equal(page.headers.subject, `[SEV2] ${incident.number} ${incident.title}`);
      assert.ok(page.headers['message-id'] && page.headers.date);
      link = new RegExp(`${tocsin.url}/a/[\\w.~-]+`).exec(page.text)?.[0];
      assert.ok(link, page.text);
      assert.ok(page.html.includes(`href="${link}"`), page.html);
      assert.ok(page.text.includes(`${tocsin.url}${path}`) && page.html.includes(`${tocsin.url}${path}`));
      assert.ok(!page.html.includes('<script') && !/<(img|link)\b/.test(page.html), 'a mail brings no script, picture or sheet');
    });

    await step('reading the link changes nothing, not even for a mail scanner', async () => {
      for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(link, { method })).status, 200);
      await read();
      assert.equal(incident.acknowledged_at, null);
      assert.equal(incident.escalation.state, 'running');
      assert.ok(incident.escalation.next_at);
    });

    let watcher;
    await step('on a phone without JavaScript, signed out, one press acknowledges; a second does no harm', async s => {
      // Somebody else looks at the incident meanwhile.
      watcher = await (await rig.context({ storageState: await desk.context().storageState() })).newPage();
      await watcher.goto(path);
      await watcher.waitForFunction(() => document.documentElement.dataset.live === 'on');
      await watcher.evaluate(() => { window.sameDocument = true; });

      const context = await rig.context({ viewport: PHONE, javaScriptEnabled: false, isMobile: true, hasTouch: true });
      phone = await context.newPage();
      await phone.goto(link);
      assert.equal(await phone.textContent('h1'), incident.title);
      const button = phone.getByRole('button', { name: 'Acknowledge as Mara Lindqvist' });
      const box = await button.boundingBox();
      assert.ok(box.height >= 44 && box.y + box.height <= PHONE.height, `the button is on the first screen and big enough: ${JSON.stringify(box)}`);
      await button.tap();
      await phone.waitForSelector('text=Escalation has stopped');
      clock.acknowledged = Date.now();
      await read();
      assert.equal(incident.acknowledged_by, responder.id);
      const first = incident.acknowledged_at;
      // The same press again: from the page before, as a double tap or the back button sends it.
      const again = await fetch(link, { method: 'POST', redirect: 'manual', headers: { Accept: 'text/html' } });
      assert.equal(again.status, 303);
      await phone.goto(link);
      assert.equal(await phone.locator('button').count(), 0);
      await read();
      assert.equal(incident.acknowledged_at, first);
      assert.equal(kinds(incident).filter(k => k === 'acknowledged').length, 1);
      near('time to acknowledge', Date.parse(first) - Date.parse(incident.detected_at), clock.acknowledged - clock.detected, m => s.diagnostic(m));
    });

    const live = async (what, ask) => {
      await until(`the other browser shows ${what}`, ask);
      assert.equal(await watcher.evaluate(() => window.sameDocument), true, 'the page was loaded anew');
    };
    await step('whoever watches sees it without loading the page again', async s => {
      await live('the acknowledgement', () => watcher.locator('#events .k-acknowledged').count());
      s.diagnostic(`shown ${Date.now() - clock.acknowledged} ms after the press`);
      assert.match(await watcher.textContent('#events .k-acknowledged'), /Mara Lindqvist/);
    });

    await step('the escalation has stopped', async () => {
      assert.equal(incident.escalation.state, 'acknowledged');
      assert.equal(incident.escalation.next_at, null);
      assert.match(incident.status, /triage|investigating/);
    });

    const write = async (text, at) => {
      await desk.fill('#note', text);
      if (at) {
        await desk.locator('#compose details').evaluate(d => { d.open = true; });
        await desk.fill('#note-at', at);
      }
      await desk.click('#compose button:has-text("Add note")');
      await desk.waitForSelector(`#events :text("${text}")`);
    };
    await step('notes: now, about earlier, and a correction that leaves the first as it was', async () => {
      await desk.goto(path);
      await write('Consumers of the queue are down on two hosts');
      // Ten minutes ago, give or take a minute, and not at a whole one: a browser leaves out seconds that are zero.
      const earlier = Math.floor(Date.now() / 60_000 - 10) * 60_000 + 7000;
      await write('Deploy 812 went out', new Date(earlier).toISOString().slice(0, 19));
      await live('the note', () => watcher.locator('#events :text("Consumers of the queue are down")').count());
      await read();
      const wrong = incident.events.find(e => e.text === 'Deploy 812 went out');
      assert.ok(wrong.backdated);
      assert.equal(Date.parse(wrong.at), earlier);
      await tocsin.post(`${path}/notes`, { text: 'It was deploy 813', corrects: wrong.number });
      await read();
      assert.equal(incident.events.find(e => e.number === wrong.number).text, 'Deploy 812 went out');
      const right = incident.events.find(e => e.kind === 'correction');
      assert.equal(right.corrects, wrong.number);
      // The page leads from the correction to what it corrects.
      await live('the correction', () => watcher.locator('#events .k-correction').count());
      const target = await watcher.getAttribute('#events .k-correction a[href^="#"]', 'href');
      assert.match(await watcher.textContent(target), /Deploy 812 went out/);
    });

    await step('severity with a reason, a commander, the impact', async () => {
      await desk.click('summary:has-text("Severity")');
      await desk.check('input[name=severity][value=SEV1]');
      await desk.fill('#severity-reason', 'Every payment fails now');
      await desk.click('button:has-text("Change severity")');
      await desk.waitForSelector('.ihead.s1');
      assert.equal((await read()).severity, 'SEV1');
      assert.match(incident.events.find(e => e.kind === 'severity').text, /SEV2 → SEV1\. Every payment fails now/);

      await desk.getByRole('button', { name: /Take it ?: Incident commander/ }).click();
      await desk.waitForSelector('#roles strong:text("Ada Lovelace")');
      assert.equal((await read()).commander.name, 'Ada Lovelace');

      await desk.click('summary:has-text("Write down what we know")');
      await desk.fill('#f-impact', 'Nobody can pay');
      await desk.fill('#f-users', '41200');
      await desk.fill('#f-percent', '87');
      await desk.fill('#f-revenue', '€ 90 000 an hour');
      await desk.click('#impact-form button');
      await desk.waitForSelector('.kv dd:text("Nobody can pay")');
      await read();
      assert.equal(incident.impact_text, 'Nobody can pay');
      assert.deepEqual([incident.impact_users, incident.impact_percent, incident.impact_revenue], [41200, 87, '€ 90 000 an hour']);
      await live('the impact', () => watcher.locator('.big-n :text("41")').count());
    });

    await step('the metric falls, the alert resolves, the timeline says so', async () => {
      gauge.value = 3;
      await until('the alert is resolved', async () => (await read()).alerts.every(a => !a.firing));
      assert.ok(incident.is_open ?? !incident.resolved_at, 'a person took it, so a person closes it');
      assert.match(incident.events.find(e => e.kind === 'quiet').text, /alert of this incident has resolved/);
      assert.equal(incident.alerts.length, 1);
      assert.equal(sink.requests.length, 0);
    });

    await step('resolved in the page: everyone paged is told', async s => {
      await desk.click('summary:has-text("Resolve…")');
      await assert.rejects(tocsin.post(`${path}/resolve`), /409.*not verified yet/s);
      await desk.fill('#resolve-waive', 'The queue was watched all along');
      await desk.fill('#resolve-cause', 'Deploy 813 stopped the consumers');
      await desk.fill('#resolve-text', 'The queue is empty for five minutes');
      await desk.click('form[action$="/resolve"] button');
      await desk.waitForSelector('text=Reopen');
      clock.resolved = Date.now();
      await read();
      assert.equal(incident.status, 'resolved');
      assert.equal(incident.cause, 'Deploy 813 stopped the consumers');
      near('time to restore', Date.parse(incident.resolved_at) - Date.parse(incident.detected_at), clock.resolved - clock.detected, m => s.diagnostic(m));
      const told = await until('the second mail', () => mail.to('mara@example.org').find(m => /^Resolved: /.test(m.headers.subject)));
      assert.equal(told.headers.subject, `Resolved: [SEV1] ${incident.number} ${incident.title}`);
      assert.ok(told.text.includes(incident.number) && told.html.includes('Resolved:'));
      await live('that it is over', () => watcher.locator(':text("Reopen")').count());
    });

    await step('only those who were paged, once each, and the second step never', async s => {
      const second = clock.detected + SECOND_STEP * 1000 + 1000;
      await until('the second step would have been due', () => Date.now() > second, SECOND_STEP * 1000 + 5000);
      assert.equal(sink.requests.length, 0);
      const subjects = mail.all().map(m => m.headers.subject);
      assert.equal(subjects.length, 2, subjects.join('\n'));
      const { pages } = await read();
      assert.deepEqual(pages.map(p => `${p.kind} ${p.user_name} ${p.state}`).sort(), ['page Mara Lindqvist sent', 'resolved Mara Lindqvist sent']);
      s.diagnostic(`two mails, no call of the webhook ${Math.round((Date.now() - clock.detected) / 1000)} s after the first page`);
    });

    let postmortem;
    await step('a postmortem is drafted from the timeline and due in 48 hours', async () => {
      postmortem = await tocsin.get(`/postmortems/${incident.postmortem_id}`);
      assert.equal(postmortem.status, 'draft');
      const due = Date.parse(postmortem.due_at) - Date.parse(incident.resolved_at);
      assert.ok(Math.abs(due - 48 * 3600_000) < 2000, `due after ${due} ms`);
      for (const text of ['## Summary', 'Consumers of the queue are down on two hosts', 'Deploy 812 went out', 'It was deploy 813', 'Every payment fails now',
        'Nobody can pay', 'Deploy 813 stopped the consumers']) assert.ok(postmortem.body.includes(text), `the draft lacks “${text}”:\n${postmortem.body}`);
    });

    await step('edited, given an action item, exported', async () => {
      await desk.click('text=Open the postmortem');
      await desk.click('a:has-text("Edit")');
      const body = (await desk.inputValue('#body')).replace('## Summary\n', '## Summary\n\nThe queue had no consumers for a while.\n');
      await desk.fill('#body', body);
      await desk.selectOption('#status', 'in_review');
      await desk.click('button:has-text("Save")');
      await desk.waitForSelector('.doc :text("The queue had no consumers for a while.")');
      await desk.click('a:has-text("Edit")');
      await desk.fill('#a-title', 'Alert when a queue has no consumer');
      await desk.selectOption('#a-owner', { label: 'Mara Lindqvist' });
      await desk.selectOption('#a-priority', 'P1');
      await desk.fill('#a-due', '2099-01-31');
      await desk.click('button:has-text("Add")');
      await desk.waitForSelector('th:has-text("Alert when a queue has no consumer")');
      const answer = await fetch(`${tocsin.url}/postmortems/${postmortem.id}/markdown`, { headers: { Authorization: `Bearer ${tocsin.token}` } });
      assert.match(answer.headers.get('content-type'), /^text\/markdown/);
      const text = await answer.text();
      for (const part of [`# Postmortem: ${incident.title}`, 'The queue had no consumers for a while.',
        '| Alert when a queue has no consumer | Mara Lindqvist | P1 | 2099-01-31 |']) assert.ok(text.includes(part), `the export lacks “${part}”:\n${text}`);
      assert.equal((await tocsin.get(`/postmortems/${postmortem.id}`)).status, 'in_review');
    });

    await step('MTTA and MTTR equal the stopwatch', async s => {
      const insights = await tocsin.get('/insights');
      const card = name => insights.cards.find(c => c.metric === name);
      assert.equal(card('mttr').count, 1);
      near('MTTA', ms(card('mtta').value_us), clock.acknowledged - clock.detected, m => s.diagnostic(m));
      near('MTTR', ms(card('mttr').value_us), clock.resolved - clock.detected, m => s.diagnostic(m));
      // The impact began when the alert did, before we heard of it.
      assert.ok(Math.abs(ms(card('mttd').value_us) - (Date.parse(incident.detected_at) - Date.parse(incident.started_at))) <= 1);
      const month = insights.months.find(m => m.count).severities.find(x => x.severity === 'SEV1');
      assert.equal(month.mttr_us, card('mttr').value_us);
    });

    await step('an alert by amtool, which takes us for an Alertmanager', async s => {
      const amtool = (...args) => {
        const done = spawnSync('amtool', [...args, `--alertmanager.url=${tocsin.alertmanager}`], { encoding: 'utf8' });
        assert.equal(done.status, 0, done.stderr);
        return done.stdout;
      };
      const policy = await tocsin.addPolicy('impatient', [[0, responder.id], [IMPATIENT, webhook.id]]);
      await tocsin.post(`/services/${service.id}`, { policy_id: policy.id });
      amtool('alert', 'add', 'alertname=DiskFull', 'instance=db1', 'severity=warning', '--annotation=summary=The disk of db1 is full');
      const found = JSON.parse(amtool('alert', 'query', 'instance=~"db.*"', '--output=json'));
      assert.deepEqual(found.map(a => a.labels), [{ alertname: 'DiskFull', instance: 'db1', severity: 'warning' }]);
      assert.equal(found[0].status.state, 'active');
      assert.match(amtool('alert', 'query', 'alertname=DiskFull'), /The disk of db1 is full/);
      const row = (await tocsin.get('/incidents')).open[0];
      assert.equal(row.title, 'The disk of db1 is full');
      assert.equal(row.severity, 'SEV3');
      path = `/incidents/${row.id}`;
      s.diagnostic(`${row.number} by amtool`);
    });

    await step('nobody answers: the next step is taken at its time', async s => {
      const [call] = await until('the webhook is called', () => sink.requests.length && sink.messages(webhook.secret));
      await read();
      const late = call.at - (Date.parse(incident.detected_at) + IMPATIENT * 1000);
      s.diagnostic(`called ${late} ms after it was due`);
      assert.ok(late >= 0 && late < 1500, `called ${late} ms after it was due`);
      assert.equal(call.type, 'incident.page');
      assert.equal(call.incident.number, incident.number);
      assert.deepEqual(call.alerts.map(a => a.labels.instance), ['db1']);
      assert.equal(call.recipient.name, 'chat bridge');
      await tocsin.post(`${path}/acknowledge`);
      await tocsin.post(`${path}/resolve`, { text: 'Space was made', waive: 'A test cannot wait' });
      await until('the webhook is told', () => sink.messages(webhook.secret).find(m => m.type === 'incident.resolved'));
    });

    await step('every chain of events holds', async s => s.diagnostic(tocsin.run('verify').trim()));

    await step('no browser complained', () => assert.deepEqual(rig.complaints, []));

    await step('killed and started again, it still knows everything', async () => {
      const paths = [path, `/incidents/${postmortem.incident_id}`, `/postmortems/${postmortem.id}`, '/reviews', '/services', '/policies', '/people'];
      // Who looks at it just now is no knowledge: a browser's stream comes back by itself.
      const lasting = (key, value) => (/^(has_)?present/.test(key) ? undefined : value);
      const state = async () => JSON.stringify(await Promise.all(paths.map(p => tocsin.get(p))), lasting);
      const before = await state();
      await tocsin.restartAfterKill();
      assert.equal(await state(), before);
      tocsin.run('verify');
      // The browser is still signed in, and its page live again.
      await desk.goto(`/incidents/${postmortem.incident_id}`);
      assert.match(await desk.textContent('h1'), /Payment jobs pile up/);
    });
  });
}

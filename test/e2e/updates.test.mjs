// Telling people: a text for outside is written, previewed, approved, undone, sent; nothing of the incident goes with it.
// On a phone without script, with real mail and a real webhook.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, DESKTOP, PHONE, Rig, story, until } from './lib.mjs';

after(closeBrowser);
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

for (const database of ['sqlite', 'postgresql']) {
  if (database === 'postgresql' && !process.env.TOCSIN_TEST_PG) continue;
  test(`updates on ${database}`, async t => {
    const rig = await Rig.start(t, { database, needs: ['mail', 'sink'] });
    const { tocsin } = rig;
    const step = story(t);
    const page = await (await rig.context({ viewport: PHONE, javaScriptEnabled: false })).newPage();
    const press = name => page.getByRole('button', { name, exact: true }).click();
    const look = async name => {
      if (!pictures) return;
      for (const width of [DESKTOP, PHONE]) for (const theme of ['light', 'dark']) {
        await page.setViewportSize(width);
        await page.emulateMedia({ colorScheme: theme });
        await page.screenshot({ path: join(pictures, `${database}-${name}-${width.width}-${theme}.png`), fullPage: true });
      }
      await page.setViewportSize(PHONE);
    };
    let ada, incident, path, hook;

    await step('an incident, and who listens', async () => {
      await rig.setUp(page);
      ada = (await tocsin.get('/people')).items[0];
      hook = await tocsin.post('/webhooks', { name: 'chat', url: rig.sink.url });
      await tocsin.post('/audiences/users/subscribers', { address: 'Customer@example.com' });
      await tocsin.post('/audiences/users/subscribers', { endpoint_id: hook.id });
      await tocsin.api('POST', '/audiences/users/subscribers', { address: 'customer@example.com' }, { status: 422 });
      await tocsin.api('POST', '/audiences/users/subscribers', { address: 'x@example.com\r\nBcc: y@example.com' }, { status: 422 });
      await page.goto('/audiences');
      await page.locator('#a-stakeholders summary', { hasText: 'Add a subscriber' }).click();
      await page.fill('#mail-stakeholders', 'board@example.org');
      await page.locator('#a-stakeholders').getByRole('button', { name: 'Add', exact: true }).click();
      await page.waitForSelector('text=board@example.org');
      await look('audiences');
      incident = await tocsin.post('/incidents', { title: 'db-primary-3 lost its disk', severity: 'SEV1', summary: 'The RAID of db-primary-3 is gone' });
      path = `/incidents/${incident.id}`;
    });

    await step('the page says who waits; one tap opens the form', async () => {
      await page.goto(path);
      assert.match(await page.locator('#updates').textContent(), /Users.*Next update due.*Nothing sent yet/s);
      await look('room');
      await page.locator('#updates li', { hasText: 'Users' }).getByRole('link', { name: /Write/ }).click();
      assert.equal(await page.inputValue('#u-service'), '');
      assert.equal(await page.inputValue('#u-summary'), '', 'nothing of the incident stands in a form for outside');
      assert.match(await page.textContent('main'), /commander or the communications lead/);
      await look('form');
    });

    await step('a mistake is said beside its field', async () => {
      await page.fill('#u-summary', 'Some {{incident.title}} <b>payments</b> fail');
      await page.fill('#u-service', '   ');
      await press('Preview');
      assert.equal(await page.getAttribute('#u-service', 'aria-invalid'), 'true');
      assert.match(await page.inputValue('#u-summary'), /payments/);
    });

    await step('preview, and no approval without the role', async () => {
      await page.fill('#u-service', 'Card payments');
      await page.fill('#u-impact', 'One in ten payments fails');
      await press('Preview');
      assert.match(await page.textContent('.letter'), /Investigating.*One in ten payments fails.*Some \{\{incident\.title\}\} <b>payments<\/b> fail.*Next update/s);
      assert.match(await page.textContent('main'), /take the role first/);
      assert.equal(await page.getByRole('button', { name: /publish/i }).count(), 0);
      await tocsin.api('POST', `${path}/updates/users-1/publish`, {}, { status: 403 });
      await look('draft');
      await tocsin.post(`${path}/roles`, { role: 'commander', user_id: ada.id });
      await page.reload();
    });

    await step('published, and taken back within ten seconds: nobody has seen it', async () => {
      await press('Approve and publish');
      await look('undo');
      await press('Undo');
      assert.match(await page.textContent('.head'), /Taken back/);
      const { items } = await tocsin.get(`${path}/updates`);
      assert.deepEqual(items.map(u => u.state), ['retracted']);
    });

    await step('published, and left alone: it arrives, with nothing of the incident', async () => {
      await page.goto(`${path}/updates/new?audience=users`);
      assert.equal(await page.inputValue('#u-service'), 'Card payments');
      await page.fill('#u-summary', 'Some payments fail; we are on it');
      await press('Publish now');
      const mails = await until('the mail', () => { const m = rig.mail.to('customer@example.com'); return m.length && m; });
      assert.equal(mails.length, 1);
      const [mail] = mails;
      assert.match(mail.text, /Some payments fail; we are on it/);
      assert.equal(mail.headers.subject, 'Update: Card payments');
      const all = JSON.stringify(mail);
      for (const secret of ['db-primary', 'RAID', 'INC-2', 'SEV1', incident.id, tocsin.url.slice(7)]) assert.ok(!all.includes(secret), `${secret} in ${all}`);
      const [message] = await until('the webhook', () => { const m = rig.sink.messages(hook.secret); return m.length && m; });
      assert.equal(message.type, 'incident.update');
      assert.equal(message.update, (await tocsin.get(`${path}/updates/users-2`)).text);
      assert.equal(message.incident.number, null);
      assert.ok(!JSON.stringify(message).includes('db-primary'));
      await until('both are recorded as told', async () => (await tocsin.get(`${path}/updates/users-2`)).recipients_told === 2);
      await page.reload();
      await look('sent');
    });

    await step('colleagues get theirs at once, with the number and a link', async () => {
      await page.goto(`${path}/updates/new?audience=stakeholders`);
      assert.equal(await page.inputValue('#u-summary'), 'The RAID of db-primary-3 is gone');
      await press('Publish now');
      const [mail] = await until('the mail', () => { const m = rig.mail.to('board@example.org'); return m.length && m; });
      assert.match(mail.headers.subject, /^Update: \[SEV1\] INC-\d+-001 db-primary-3 lost its disk$/);
      assert.match(mail.text, /SEV1 INC-\d+-001 db-primary-3 lost its disk — Investigating\. The RAID of db-primary-3 is gone/);
      const { promises } = await tocsin.get(`${path}/updates`);
      assert.deepEqual(promises.filter(p => p.state === 'kept').map(p => p.audience).sort(), ['stakeholders', 'users']);
      await page.goto(`${path}/updates`);
      await look('list');
    });

    await step('over: a text for outside waits for approval', async () => {
      await tocsin.post(`${path}/resolve`, { text: 'The disk is replaced', waive: 'A test cannot wait' });
      const last = await tocsin.get(`${path}/updates/users-3`);
      assert.equal(last.state, 'draft');
      assert.ok(!last.text.includes('disk'));
      assert.equal((await tocsin.get(`${path}/updates/stakeholders-2`)).state, 'published');
      await page.goto(path);
      await look('over');
    });
  });
}

// Everything a responder must be able to do, on a phone whose browser runs no script.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, DESKTOP, PHONE, Rig, story } from './lib.mjs';

after(closeBrowser);

// The text of the mistake that a field points to.
async function mistake(page, field) {
  const input = page.locator(field);
  assert.equal(await input.getAttribute('aria-invalid'), 'true', `${field} is not marked`);
  const about = await input.getAttribute('aria-describedby');
  assert.ok(about, `${field} names no mistake`);
  const note = page.locator(`#${about}`);
  const [where, what] = [await input.boundingBox(), await note.boundingBox()];
  assert.ok(what && Math.abs(what.y - where.y - where.height) < 80, `the mistake is not beside ${field}: ${JSON.stringify([where, what])}`);
  return note.textContent();
}

for (const [name, viewport] of [['390 px', PHONE], ['1280 px', DESKTOP]]) {
  test(`without JavaScript, ${name}`, async t => {
    const rig = await Rig.start(t);
    const { tocsin } = rig;
    const step = story(t);
    const page = await (await rig.context({ viewport, javaScriptEnabled: false })).newPage();
    const press = name => page.getByRole('button', { name, exact: true }).click();
    const unfold = text => page.locator('summary', { hasText: text }).click();
    let path;

    await step('the set-up link', async () => {
      await page.goto(tocsin.setupUrl);
      await page.fill('#name', 'Ada Lovelace');
      await page.fill('#email', tocsin.email);
      await page.fill('#password', tocsin.password);
      await press('Create and sign in');
      await page.waitForURL('**/incidents');
      const policy = await tocsin.addPolicy('me', [[0, (await tocsin.get('/people')).items[0].id]]);
      await tocsin.post(`/services/${(await tocsin.defaultService()).id}`, { policy_id: policy.id });
    });

    await step('sign out; a wrong password is said beside the field, the address is kept', async () => {
      await page.locator('details.me > summary').click();
      await press('Sign out');
      await page.waitForURL('**/signin*');
      await page.goto('/incidents/new');
      assert.match(page.url(), /\/signin/);
      await page.fill('#email', tocsin.email);
      await page.fill('#password', 'not my password');
      await press('Sign in');
      assert.match(await mistake(page, '#password'), /wrong/);
      assert.equal(await page.inputValue('#email'), tocsin.email);
      assert.equal(await page.inputValue('#password'), '');
    });

    await step('sign in; the page that was asked for comes next', async () => {
      await page.fill('#password', tocsin.password);
      await press('Sign in');
      assert.equal(new URL(page.url()).pathname, '/incidents/new');
    });

    await step('declare: an empty title is said beside the field, the rest is kept', async () => {
      await page.fill('#title', '   ');
      await page.check('input[value=SEV2]');
      await page.selectOption('#service', { label: 'default' });
      await page.fill('#impact', 'Checkout is slow for some');
      await press('Declare and page');
      assert.match(await mistake(page, '#title'), /empty|required|must/);
      assert.equal(await page.inputValue('#impact'), 'Checkout is slow for some');
      assert.equal(await page.isChecked('input[value=SEV2]'), true);
      assert.equal(await page.locator('#service option:checked').textContent(), 'default');
      await page.fill('#title', 'Checkout is slow');
      await press('Declare and page');
      await page.waitForURL(/\/incidents\/inc_/);
      path = new URL(page.url()).pathname;
      assert.equal(await page.textContent('h1'), 'Checkout is slow');
    });

    await step('acknowledge; pressing again from an old page does no harm', async () => {
      await press('Acknowledge');
      await page.waitForSelector('text=You acknowledged at');
      await page.goBack();
      if (await page.getByRole('button', { name: 'Acknowledge', exact: true }).count()) await press('Acknowledge');
      await page.goto(path);
      await page.waitForSelector('text=You acknowledged at');
      assert.equal((await tocsin.get(path)).events.filter(e => e.kind === 'acknowledged').length, 1);
    });

    await step('a note; one about the future is refused and its text kept', async () => {
      await page.fill('#note', 'Connections to the database are used up');
      await press('Add note');
      await page.waitForSelector('#events :text("Connections to the database are used up")');
      await page.fill('#note', 'The pool is larger now');
      await unfold('It happened earlier');
      await page.fill('#note-at', '2199-01-01T12:00'); // a browser leaves out seconds that are zero
      await press('Record as decision');
      assert.match(await page.textContent('#compose .bad-field'), /future/);
      assert.equal(await page.inputValue('#note'), 'The pool is larger now');
      await page.fill('#note-at', '');
      await press('Record as decision');
      await page.waitForSelector('#events .k-decision :text("The pool is larger now")');
    });

    await step('status, severity and impact', async () => {
      // On a phone the bar at the lower edge leads to the form.
      if (viewport === PHONE) await page.locator('.thumb a', { hasText: 'Update' }).click();
      else await unfold('Update status');
      await page.selectOption('#status', 'mitigating');
      await page.fill('#status-text', 'Raising the limit');
      await press('Post update');
      await page.waitForSelector('#events :text("Raising the limit")');
      assert.equal((await tocsin.get(path)).status, 'mitigating');
      await page.locator('summary.btn', { hasText: 'Severity' }).click();
      await page.check('.act input[value=SEV3]');
      await page.fill('#severity-reason', 'Only one in a hundred');
      await press('Change severity');
      await page.waitForSelector('#events :text("Only one in a hundred")');
      await unfold('Write down what we know');
      await page.fill('#f-users', 'many');
      await page.fill('#f-impact', 'One checkout in a hundred is slow');
      await press('Save');
      assert.match(await page.textContent('#impact-form .bad-field'), /number/);
      assert.equal(await page.inputValue('#f-users'), 'many');
      assert.equal(await page.inputValue('#f-impact'), 'One checkout in a hundred is slow');
      await page.fill('#f-users', '300');
      await press('Save');
      await page.waitForSelector('.kv dd:text("One checkout in a hundred is slow")');
    });

    await step('resolve, start the postmortem, save it', async () => {
      await page.locator('summary', { hasText: 'Resolve…' }).click();
      await page.fill('#resolve-waive', 'Nobody can watch it tonight');
      await page.fill('#resolve-text', 'Latency is back for ten minutes');
      await press('Resolve');
      await page.waitForSelector('text=Reopen');
      assert.equal((await tocsin.get(path)).status, 'resolved');
      await page.getByRole('link', { name: 'Open the postmortem' }).click();
      await page.getByRole('link', { name: 'Edit' }).click();
      await page.fill('#title', 'Why checkout was slow');
      await press('Save');
      await page.waitForSelector('h1:text("Why checkout was slow")');
    });

    await step('no browser complained', () => assert.deepEqual(rig.complaints.filter(c => !/status of 422/.test(c)), []));
  });
}

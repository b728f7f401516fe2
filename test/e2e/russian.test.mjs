// A Russian team: the pack ics-ru, people who read Russian, and nothing on a phone that is too wide for it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, closeBrowser, PHONE, Rig, root, story, until } from './lib.mjs';

after(closeBrowser);

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

test('an incident in Russian', async t => {
  const rig = await Rig.start(t, { needs: ['mail'] });
  const { tocsin, mail } = rig;
  const step = story(t);
  const context = await rig.context({ viewport: PHONE, locale: 'ru-RU', serviceWorkers: 'block' });
  const page = await context.newPage();
  let ivan, incident, path, document;

  const fits = async where => {
    await page.goto(where);
    assert.equal(await page.getAttribute('html', 'lang'), 'ru', where);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where} is too wide`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(runOnly => axe.run({ runOnly }), RULES);
    assert.deepEqual(violations.map(v => `${v.id}: ${v.nodes[0].target}`), [], where);
  };
  const command = (...words) => spawnSync(binary, words, { encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: rig.folder, LC_ALL: 'ru_RU.UTF-8', TOCSIN_URL: tocsin.url, TOCSIN_TOKEN: tocsin.token } });

  await step('the browser asks for Russian before anybody has signed in', async () => {
    await page.goto(tocsin.setupUrl);
    assert.equal(await page.textContent('h1'), 'Добро пожаловать в Tocsin');
    await rig.setUp(page);
    assert.equal(await page.textContent('h1'), 'Инциденты');
  });

  await step('the team works by ics-ru, and Ivan reads Russian in Moscow', async () => {
    await tocsin.post('/packs/ics-ru/activate', {});
    ivan = await tocsin.addPerson('Иван Петров', 'ivan@example.org');
    await tocsin.post(`/people/${ivan.id}`, { language: 'ru', zone: 'Europe/Moscow' });
    const policy = await tocsin.addPolicy('дежурство', [[0, ivan.id]]);
    const service = await tocsin.defaultService();
    await tocsin.post(`/services/${service.id}`, { policy_id: policy.id, group_wait: '0s', name: 'Оплата' });
    const sent = await fetch(`${tocsin.alertmanager}/api/v2/alerts`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'CardErrors', severity: 'critical' }, annotations: { summary: 'Не проходит оплата картой' } }]) });
    assert.equal(sent.status, 200);
    incident = await until('the incident', async () => (await tocsin.get('/incidents')).open[0]);
    path = `/incidents/${incident.id}`;
  });

  await step('the page reaches him in Russian, on his clock, in the words of the pack', async () => {
    const [m] = await until('the mail', () => { const all = mail.to('ivan@example.org'); return all.length && all; });
    assert.equal(m.headers.subject, `[P1] ${incident.number} Не проходит оплата картой`);
    assert.match(m.text, /^Подтвердить: http/m);
    assert.match(m.text, /^Почему вы: Оплата, шаг эскалации 1$/m);
    assert.match(m.text, /^С: \d{1,2} [а-я]+ \d{4}, \d\d:\d\d MSK$/m);
    assert.match(m.html, /<html lang="ru">/);
    assert.match(m.html, />Подтвердить<\/a>/);
    assert.ok(!/\b(Status|Since|Why|Acknowledge)\b/.test(m.text), m.text);
  });

  await step('the brief is written when somebody is there, in Russian, with what changed', async () => {
    await tocsin.post(`${path}/acknowledge`);
    await tocsin.post(`${path}/status`, { status: 'mitigating', text: 'Откатываем' });
    const { version, iteration, path: file, document: text } = await tocsin.get(`${path}/brief`);
    document = text;
    assert.deepEqual([version, iteration], [2, 2]);
    assert.match(file, /^outputs\/technical-support-director\/skills\/incident-management\/\d{8}T\d{6}Z_ne-prokhodit-oplata-kartoy\.md$/);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(m => m[1]);
    assert.deepEqual(headings, ['Цель и контекст', 'Диагностика и классификация', 'Экшн-план и командование', 'Метрики и алерты',
      'RCA и улучшения', 'Список дел', 'Изменения относительно прошлой версии']);
    assert.equal(await tocsin.get(`${path}/brief/markdown`), text);
  });

  await step('its page shows the versions and their difference; a new one is written on demand', async () => {
    await fits(`${path}/brief`);
    assert.match(await page.textContent('.diff'), /Итерация 2\/3: Реакция/);
    await tocsin.post(`${path}/notes`, { text: 'Возвращаем версию 812', kind: 'decision' });
    await page.reload();
    await page.getByRole('button', { name: 'Записать новую версию' }).click();
    await page.waitForSelector('.diff ins:has-text("Возвращаем версию 812")');
    assert.equal((await tocsin.get(`${path}/brief`)).versions.length, 3);
    await page.goto(`${path}/brief?version=1`);
    await page.getByRole('link', { name: 'Это старая версия; перейти к последней.' }).click();
    await page.waitForURL(`**${path}/brief`);
  });

  await step('the command line exports it under the name that it keeps, and speaks Russian', async () => {
    const out = join(rig.folder, 'export');
    for (const words of [['--version', '2'], []]) {
      const told = command('brief', incident.number, '--out', out, ...words);
      assert.equal(told.status, 0, told.stderr);
      assert.ok(told.stdout.startsWith(`${out}/outputs/technical-support-director/`));
      const text = readFileSync(told.stdout.trim(), 'utf8');
      assert.equal(text === document, words.length > 0);
      assert.match(text, /```diff\n[-+@] /);
    }
    assert.match(command('incidents').stdout, /^НОМЕР +КРИТИЧНОСТЬ +СТАТУС/);
  });

  await step('no page is too wide for a phone, and each is accessible', async () => {
    await page.goto(path);
    assert.match(await page.textContent('.tags'), /P1 · Критический/);
    for (const where of ['/incidents', path, `${path}/timeline`, '/incidents/new', '/alerts', '/oncall', '/services', '/policies', '/reviews', '/insights',
      '/people', `/people/${ivan.id}`, '/webhooks', '/admin']) await fits(where);
  });

  await step('what somebody chose beats what the browser asks', async () => {
    const me = await tocsin.get('/me');
    await page.goto(`/people/${me.id}`);
    await page.selectOption('#language', 'en');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.waitForSelector('html[lang=en]');
    assert.equal((await tocsin.get('/me')).language, 'en');
  });
});

// Looks at every page as people will: renders the templates with the sample views, serves them on loopback under the strict
// content security policy, takes pictures (1280 and 390 px, light and dark) and checks them.
//
//   node test/ui/render.mjs OUTDIR [NAME…]     (--fast: no pictures, one theme; --long: every text as long as a long translation)
//
// Fails on: an accessibility violation, sideways scroll at 320 or 390 px, a target under 24 px, a message of the browser's
// console (a refused script or style among them), a page or file over its budget.
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { bundle } from '../../tools/bundle.mjs';
import { engine, filters } from './mustache.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const args = process.argv.slice(2).filter(a => !a.startsWith('--'));
const long = process.argv.includes('--long');
const fast = process.argv.includes('--fast');
const out = args[0] ?? join(tmpdir(), 'tocsin-ui');
const only = new Set(args.slice(1));
const pictures = join(out, 'pictures');
mkdirSync(pictures, { recursive: true });

const KB = 1024;
const BUDGET = { css: [32 * KB, 8 * KB], js: 20 * KB, own: 2.5 * KB, html: [60 * KB, 10 * KB], ack: 3 * KB };
export const CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
  + "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'";
const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' };

const problems = [];
const check = (ok, text) => { if (!ok) problems.push(text); };

export function views() {
  const read = name => JSON.parse(readFileSync(join(here, 'views', name + '.json'), 'utf8'));
  const base = read('_page');
  return readdirSync(join(here, 'views')).map(f => basename(f, '.json')).filter(n => !n.startsWith('_')).map(name => {
    const view = read(name);
    // incident_acked is the template incident in another state, if there is no template of that name.
    const names = readdirSync(join(root, 'templates'));
    const template = names.includes(name + '.html') ? name : name.replace(/_[a-z]+$/, '');
    return { name, template, view: { ...view, page: { ...base, ...view.page } } };
  });
}

// Russian is 1.8 times as long as English for the short texts of a page, one time in ten.
const stretch = text => text + ' ' + text.slice(0, Math.round(text.length * 0.8)).trim();

async function main() {
  const assets = join(out, 'assets');
  const sizes = await bundle(assets);
  check(sizes['app.css'].raw <= BUDGET.css[0] && sizes['app.css'].br <= BUDGET.css[1], `app.css ${sizes['app.css'].raw} / ${sizes['app.css'].br}`);
  check(sizes['app.js'].br <= BUDGET.js, `app.js ${sizes['app.js'].br}`);
  check(sizes.own.br <= BUDGET.own, `own script ${sizes.own.br}`);
  console.log('css', sizes['app.css'], 'js', sizes['app.js'], 'own', sizes.own, 'icons', sizes['icons.svg']);

  const mustache = engine({ dir: join(root, 'templates'), filters, translate: long ? stretch : undefined });
  const pages = new Map();
  for (const { name, template, view } of views()) {
    if (only.size && !only.has(name)) continue;
    try {
      const html = mustache.render(template, view);
      pages.set(name, html);
      writeFileSync(join(out, name + '.html'), html);
      const br = brotliCompressSync(html).length;
      check(html.length <= (template === 'ack' ? BUDGET.ack : BUDGET.html[0]) && br <= BUDGET.html[1], `${name}: ${html.length} / ${br} bytes`);
    } catch (error) { problems.push(error.message); }
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    response.setHeader('Content-Security-Policy', CSP);
    const file = path === '/sw.js' ? 'sw.js' : path.startsWith('/assets/') ? basename(path) : null;
    if (file) {
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/plain');
      try { return response.end(readFileSync(join(assets, file))); } catch { return response.writeHead(404).end(); }
    }
    if (path === '/stream') return response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: hb\ndata:\n\n');
    const html = pages.get(path.slice(1));
    if (!html) return response.writeHead(404).end();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;

  const profile = mkdtempSync(join(tmpdir(), 'ui-'));
  const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  // The font a desktop would use for system-ui is not on build machines; take the closest in width.
  writeFileSync(join(profile, 'fonts.conf'), `<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>
${['system-ui', 'sans', 'sans-serif', 'DejaVu Sans'].map(f => `<match><test name="family"><string>${f}</string></test><edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>`).join('')}</fontconfig>`);
  const browser = await chromium.launchPersistentContext(join(profile, 'profile'), {
    env: { ...process.env, FONTCONFIG_FILE: join(profile, 'fonts.conf') }, executablePath: '/usr/bin/chromium', headless: true, serviceWorkers: 'block', deviceScaleFactor: 1,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage();
  let where = '';
  page.on('console', m => { if (['error', 'warning'].includes(m.type()) && !m.text().includes('Service Worker registration blocked')) problems.push(`${where}: console: ${m.text()}`); });
  page.on('pageerror', e => problems.push(`${where}: ${e.message}`));
  for (const name of pages.keys()) {
    for (const width of [1280, 390]) {
      for (const theme of fast ? ['light'] : ['light', 'dark']) {
        where = `${name} ${width} ${theme}`;
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(`${origin}/${name}`);
        await page.waitForTimeout(60);
        if (!fast) {
          await page.screenshot({ path: join(pictures, `${name}-${width}-${theme}.png`) });
          if (theme === 'light') await page.screenshot({ path: join(pictures, `${name}-${width}-full.png`), fullPage: true });
        }
        for (const w of width === 390 ? [390, 320] : [1280]) {
          await page.setViewportSize({ width: w, height: 844 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          check(wide <= 0, `${where}: ${wide} px too wide at ${w}`);
        }
        const small = await page.evaluate(() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')]
          .filter(e => e.checkVisibility() && !e.closest('.vh, p, dd, li, td, th, small, footer') && !e.matches('.skip, [type=radio], [type=checkbox]'))
          .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.height < 24 || r.width < 24); }).map(e => e.outerHTML.slice(0, 80)));
        check(!small.length, `${where}: small targets ${small.join(' | ')}`);
        if (name.startsWith('incident')) {
          const ack = await page.evaluate(() => document.querySelector('.paged .primary')?.getBoundingClientRect().height ?? 52);
          check(ack >= 52, `${where}: Acknowledge is ${ack} px`);
        }
        await page.evaluate(axe);
        const folds = await page.evaluate(() => document.querySelectorAll('details:not(.menu, .me)').length);
        for (const state of folds ? ['', 'open '] : ['']) {
          if (state) {
            await page.evaluate(() => document.querySelectorAll('details:not(.menu, .me, .act)').forEach(d => { d.open = true; }));
            await page.evaluate(() => document.querySelector('details.act')?.setAttribute('open', ''));
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            check(wide <= 0, `${where}: opened, ${wide} px too wide`);
            // Tall enough that the bar at the lower edge covers nothing.
            await page.setViewportSize({ width: page.viewportSize().width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
          }
          const result = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          for (const v of result.violations) problems.push(`${where}: ${state}axe ${v.id}: ${v.nodes.slice(0, 3).map(n => n.target + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`);
        }
      }
    }
  }
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true });
  for (const p of problems) console.log('FAIL', p);
  console.log(problems.length ? `${problems.length} problems` : `${pages.size} pages: all well`);
  process.exitCode = problems.length ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

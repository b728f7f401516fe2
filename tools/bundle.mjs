// Builds what the browser gets: node tools/bundle.mjs OUTDIR
//   app.js (htmx, its SSE extension and our script as one file: two deferred files race), app.css, icons.svg,
//   sw.js with the build's fingerprint, manifest and icons; .br and .gz beside everything that compresses.
// Same input, same bytes: no time, no path and no random name goes in.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const assets = join(root, 'assets');
const htmx = join(root, 'node_modules/htmx.org/dist');

const text = path => readFileSync(path, 'utf8');
const withoutMap = js => js.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');

async function script() {
  const own = await transform(text(join(assets, 'app.js')), { minify: true, target: 'es2022', format: 'iife' });
  const kit = ['htmx.min.js', 'ext/hx-sse.min.js'].map(name => withoutMap(text(join(htmx, name))));
  return { all: [...kit, own.code].join(';\n'), own: own.code };
}

async function style(name) {
  const result = await build({
    entryPoints: [join(assets, name)], bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'error',
  });
  return result.outputFiles[0].text;
}

const squeeze = svg => svg.replace(/<!--[^]*?-->/g, '').replace(/\s*\n\s*/g, '').trim();

export async function bundle(out) {
  mkdirSync(out, { recursive: true });
  const js = await script();
  const files = new Map([
    ['app.js', js.all],
    ['app.css', await style('app.css')],
    ['status.css', await style('css/status.css')],
    ['icons.svg', squeeze(text(join(assets, 'icons.svg')))],
    ['bell.svg', squeeze(text(join(assets, 'bell.svg')))],
    ['manifest.webmanifest', JSON.stringify(JSON.parse(text(join(assets, 'manifest.webmanifest'))))],
  ]);
  const print = createHash('sha256');
  for (const [name, body] of files) print.update(name).update('\0').update(body);
  const worker = await transform(text(join(assets, 'sw.js')), {
    minify: true, target: 'es2022', define: { BUILD: JSON.stringify(print.digest('hex').slice(0, 12)) },
  });
  files.set('sw.js', worker.code);

  const sizes = {};
  for (const [name, body] of files) {
    const raw = Buffer.from(body);
    const br = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } });
    const gz = gzipSync(raw, { level: 9 });
    writeFileSync(join(out, name), raw);
    writeFileSync(join(out, name + '.br'), br);
    writeFileSync(join(out, name + '.gz'), gz);
    sizes[name] = { raw: raw.length, br: br.length, gz: gz.length };
  }
  for (const name of ['bell-192.png', 'bell-512.png']) writeFileSync(join(out, name), readFileSync(join(assets, name)));
  sizes.own = { br: brotliCompressSync(js.own).length };
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv[2]) {
    console.error('usage: node tools/bundle.mjs OUTDIR');
    process.exit(2);
  }
  await bundle(process.argv[2]);
}

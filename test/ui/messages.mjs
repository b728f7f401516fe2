// Prints every text of the pages to translate, one a line, sorted: node test/ui/messages.mjs > locale/messages.txt
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dir = join(dirname(fileURLToPath(import.meta.url)), '../../templates');
const texts = new Set();
for (const file of readdirSync(dir).filter(f => f.endsWith('.html')))
  for (const m of readFileSync(join(dir, file), 'utf8').matchAll(/\{\{#t\}\}([^]*?)\{\{\/t\}\}/g)) texts.add(m[1]);
console.log([...texts].sort().join('\n'));

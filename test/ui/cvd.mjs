// Proves that severities can be told apart by normal, red-blind, green-blind and blue-blind eyes, in both themes, and that
// every text colour reads on what it lies on. Reads assets/css/tokens.css, so it checks what is served.
// Simulation: Machado, Oliveira and Fernandes (2009), severity 1; distance: OKLab × 100; contrast: WCAG 2.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const css = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../assets/css/tokens.css'), 'utf8');
const token = Object.fromEntries([...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(m => [m[1], { light: m[2], dark: m[3] }]));

const EYES = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const times = (m, v) => m.map(row => row.reduce((sum, k, i) => sum + k * v[i], 0));
const linear = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const clamp = v => v.map(c => Math.min(1, Math.max(0, c)));
const LMS = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const LAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const oklab = rgb => times(LAB, times(LMS, rgb).map(Math.cbrt));
const distance = (a, b, eye) => {
  const [x, y] = [a, b].map(hex => oklab(clamp(times(EYES[eye], linear(hex)))));
  return 100 * Math.hypot(...x.map((v, i) => v - y[i]));
};
const light = hex => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0];
const contrast = (a, b) => {
  const [lo, hi] = [light(a), light(b)].sort((x, y) => x - y);
  return (hi + 0.05) / (lo + 0.05);
};

let failures = 0;
const expect = (ok, text) => { if (!ok) { failures++; console.log('FAIL', text); } };
const SEVERITIES = ['s1', 's2', 's3', 's4'];
const TEXT = [['ink', 'bg'], ['ink', 'card'], ['mute', 'bg'], ['mute', 'card'], ['mute', 'sunk'], ['accent', 'bg'], ['accent', 'card'], ['on-accent', 'accent'],
  ['on-s1', 's1'], ['on-s2', 's2'], ['on-s3', 's3'], ['mute', 's4'], ['on-ok', 'ok'], ['ink', 'tint'], ['ink', 'ok-tint'], ['ink', 'warn-tint'], ['ink', 'bad-tint'],
  ['warn', 'card'], ['warn', 'warn-tint'], ['bad', 'card'], ['bad', 'bad-tint'], ['ok', 'card'], ['ok', 'bg']];

for (const theme of ['light', 'dark']) {
  let worst = Infinity, pair = '';
  for (const eye of Object.keys(EYES)) {
    SEVERITIES.forEach((a, i) => SEVERITIES.slice(i + 1).forEach(b => {
      const d = distance(token[a][theme], token[b][theme], eye);
      if (d < worst) [worst, pair] = [d, `${a}/${b} ${eye}`];
      expect(d >= 12, `${theme}: ${a} and ${b} are ${d.toFixed(1)} apart for ${eye} eyes`);
    }));
  }
  let least = Infinity;
  for (const [text, on] of TEXT) {
    const c = contrast(token[text][theme], token[on][theme]);
    least = Math.min(least, c);
    expect(c >= 4.5, `${theme}: ${text} on ${on} has contrast ${c.toFixed(2)}`);
  }
  for (const on of ['card', 'bg', 'sunk']) expect(contrast(token.edge[theme], token[on][theme]) >= 3, `${theme}: edges on ${on}`);
  console.log(`${theme}: worst severity pair ${pair} ${worst.toFixed(1)}; least text contrast ${least.toFixed(1)}`);
}
process.exitCode = failures ? 1 : 0;

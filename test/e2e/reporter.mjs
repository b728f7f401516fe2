// One line for a test, its measurements below it, and at the end the count that the other stages print too.
const seconds = ms => `${(ms / 1000).toFixed(1)} s`;

export default async function* report(events) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    const indent = '  '.repeat(data?.nesting ?? 0);
    if (type === 'test:start') yield '';
    if (type === 'test:diagnostic' && !/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(data.message)) yield `${indent}  ${data.message}\n`;
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const skipped = data.skip !== undefined && data.skip !== false;
    const group = data.details?.type === 'suite';
    // A test that fails only because one inside it did has been counted.
    const inner = data.details?.error?.failureType === 'subtestsFailed';
    if (!group && !inner) count[skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed']++;
    const word = skipped ? 'SKIPPED' : type === 'test:pass' ? 'ok' : 'FAILED';
    yield `${indent}${word} ${data.name}${skipped && typeof data.skip === 'string' ? `: ${data.skip}` : ` (${seconds(data.details?.duration_ms ?? 0)})`}\n`;
    if (type === 'test:fail' && !inner) {
      const cause = data.details.error.cause ?? data.details.error;
      yield `${String(cause?.stack ?? cause).replace(/^/gm, `${indent}    `)}\n`;
    }
  }
  yield `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`;
}

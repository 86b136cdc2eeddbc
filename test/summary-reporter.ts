import type { TestEvent } from 'node:test/reporters';

/** Prints failures whole, skipped tests aloud, and a closing line that says how many passed. */
async function* summary(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const event of source) {
    if (event.type === 'test:stderr' || event.type === 'test:stdout') continue;
    if (event.type === 'test:pass') {
      if (event.data.skip !== undefined) {
        skipped++;
        yield `skipped: ${event.data.name}${typeof event.data.skip === 'string' ? `: ${event.data.skip}` : ''}\n`;
      } else if (event.data.details.type !== 'suite') passed++;
    }
    if (event.type === 'test:fail' && event.data.details.type !== 'suite') {
      failed++;
      const cause = event.data.details.error.cause ?? event.data.details.error;
      yield `\nFAILED ${event.data.file ?? ''} > ${event.data.name}\n${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`;
    }
  }
  yield `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
// biome-ignore lint/style/noDefaultExport: node's test runner takes a reporter only as a default export
export default summary;

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the local ports of outgoing connections: a port there can be
 * lost between finding and using it only to another test that draws the same number, and a client that
 * keeps dialling a stopped server never connects to itself.
 */
const FROM = 20_000;
const TO = 32_000;
const TRIES = 200;

export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tried = 0; ports.size < count; tried += 1) {
    if (tried === TRIES) throw new Error(`no ${count} free ports found between ${FROM} and ${TO}`);
    const port = randomInt(FROM, TO);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

import type { Socket } from 'node:net';
import { Client } from 'undici';

/**
 * One TCP connection and nothing else: when it is lost, the lane is spent and a request on it fails instead of
 * travelling over a new connection. That makes `verified` true for as long as the lane lives.
 * (undici writes a request one turn of the event loop after `dispatch` on a used socket, and would reconnect in between.)
 */
export class Lane {
  readonly client: Client;
  /** The fingerprint that was read over this very connection. */
  verified: string | undefined;
  readonly #socket: Socket;
  #spent = false;

  constructor(socket: Socket, origin: string, onSpent: (lane: Lane) => void) {
    this.#socket = socket;
    let handed = false;
    this.client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      // Below the 90 s after which a kube-apiserver drops an idle connection.
      keepAliveTimeout: 60_000,
      keepAliveMaxTimeout: 80_000,
      // Called back in a turn of its own: undici takes no notice of a connection that is there at once.
      connect: (_options, callback) =>
        queueMicrotask(() => {
          if (handed || socket.destroyed) callback(new LaneSpent(), null);
          else {
            handed = true;
            callback(null, socket);
          }
        }),
    });
    socket.once('close', () => {
      this.#spent = true;
      onSpent(this);
    });
    // The client listens only once it owns the socket; an error before that must not be an uncaught one.
    socket.on('error', () => undefined);
  }

  get spent(): boolean {
    return this.#spent || this.#socket.destroyed;
  }

  destroy(): void {
    this.#spent = true;
    this.#socket.destroy();
    this.client.destroy().catch(() => undefined);
  }
}

/** Why a request on a lost lane fails; nothing of it was sent. */
export class LaneSpent extends Error {
  readonly code = 'LANE_SPENT';
  constructor() {
    super('the connection was closed before the request was sent');
    this.name = 'LaneSpent';
  }
}

import type { Identity } from './http/dial.ts';

/** Who we are to the server. Asked before every request, so what is costly is kept inside. */
export interface Credentials {
  /** `authorization` and the impersonation headers. */
  headers(): Promise<Readonly<Record<string, string | string[]>>>;
  /** Our certificate; the same object as long as it is the same certificate. */
  certificate(): Promise<Identity | undefined>;
  /** After a 401: whether something newer may be had by asking again. */
  renew(): Promise<boolean>;
}

export const ANONYMOUS: Credentials = {
  headers: async () => ({}),
  certificate: async () => undefined,
  renew: async () => false,
};

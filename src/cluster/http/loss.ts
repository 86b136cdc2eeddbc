/** How far a request had come when its connection was lost: `no` means that not one byte of it left. */
export type Sent = 'no' | 'maybe';

/** Inside of this adapter: a connection that was lost, or never came to be. Callers see a Fault made of it. */
export class LaneLoss extends Error {
  readonly sent: Sent;
  readonly timedOut: boolean;
  beforeWrite = false;
  constructor(sent: Sent, cause: unknown, timedOut = false) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'LaneLoss';
    this.sent = sent;
    this.timedOut = timedOut || TIMEOUTS.has(codeOf(cause));
  }
  /** The same loss, met while the fingerprint was read: the write behind it had not left. */
  asBeforeWrite(): LaneLoss {
    const loss = new LaneLoss('no', this.cause, this.timedOut);
    loss.beforeWrite = true;
    return loss;
  }
  /** The server's certificate, or ours, was refused: trying again does not help. */
  get untrusted(): boolean {
    const code = codeOf(this.cause);
    return UNTRUSTED.has(code) || /^ERR_(TLS|SSL|OSSL)/.test(code) || code === 'EPROTO';
  }
  /** What came was no HTTP: not a loss but a malformed answer. */
  get garbled(): boolean {
    const code = codeOf(this.cause);
    const parser = this.cause instanceof Error && this.cause.name === 'HTTPParserError';
    return parser || code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW';
  }
}

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
]);

function codeOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, integer, octets, oid, sequence, set, tagged, time, truth, utf8 } from './der.ts';

/** What a server shows to those who connect, in PEM. */
export interface ServingCertificate {
  readonly key: string;
  /** Signed by itself: who trusts it needs nothing else. */
  readonly certificate: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;

/** A new key, and a certificate (RFC 5280) for the names and IPv4 addresses, from an hour ago for a year. */
export function selfSigned(names: readonly string[], now: number): ServingCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8('seaworthy-sandbox'))));
  const body = sequence(
    tagged(0, integer(Buffer.from([2])), true),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    subject,
    sequence(time(now - DAY_MS / 24), time(now + VALID_DAYS * DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions(names)), true),
  );
  const signature = sign('sha256', body, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: pem(sequence(body, algorithm, bits(signature))),
  };
}

function extensions(names: readonly string[]): Buffer[] {
  const extension = (id: string, critical: boolean, content: Buffer): Buffer =>
    sequence(oid(id), ...(critical ? [truth()] : []), octets(content));
  const alternative = names.map((name) =>
    isIPv4(name) ? tagged(7, Buffer.from(name.split('.').map(Number)), false) : tagged(2, Buffer.from(name), false),
  );
  return [
    // An authority (for itself), so that clients take it as their root.
    extension('2.5.29.19', true, sequence(truth())),
    // Signs handshakes and certificates.
    extension('2.5.29.15', true, bits(Buffer.from([0b1000_0100]), 2)),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...alternative)),
  ];
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

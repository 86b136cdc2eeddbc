import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

interface Block {
  readonly type: string;
  readonly text: string;
}

/** What Go says when it cannot use a certificate and a key together, both in PEM; undefined: it can. */
export function keyPairProblem(certificates: string, keys: string): string | undefined {
  const inCertificates = blocksOf(certificates);
  const certificate = inCertificates.find(({ type }) => type === 'CERTIFICATE');
  if (certificate === undefined) return noCertificate(inCertificates.map(({ type }) => type));
  const inKeys = blocksOf(keys);
  const key = inKeys.find(({ type }) => /(^| )PRIVATE KEY$/.test(type));
  if (key === undefined) return noKey(inKeys.map(({ type }) => type));
  const read = attempt(() => new X509Certificate(certificate.text));
  if (read === undefined) return 'x509: malformed certificate';
  const own = attempt(() => createPrivateKey(key.text));
  if (own === undefined) return 'tls: failed to parse private key';
  return mismatch(read, own);
}

function mismatch(certificate: X509Certificate, key: KeyObject): string | undefined {
  if (certificate.publicKey.asymmetricKeyType !== key.asymmetricKeyType)
    return 'tls: private key type does not match public key type';
  return certificate.checkPrivateKey(key) ? undefined : 'tls: private key does not match public key';
}

function noCertificate(types: readonly string[]): string {
  if (types.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (types.length === 1 && types[0]?.endsWith('PRIVATE KEY') === true)
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}
function noKey(types: readonly string[]): string {
  if (types.length === 0) return 'tls: failed to find any PEM data in key input';
  if (types.length === 1 && types[0] === 'CERTIFICATE')
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}

const blocksOf = (pem: string): Block[] =>
  [...pem.matchAll(/-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g)].map(([text, type = '']) => ({ type, text }));

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

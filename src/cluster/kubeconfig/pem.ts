import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { kubeconfigFault } from './fields.ts';

/** PEM from base64 in the kubeconfig, which goes first, or from a file. `field` is its name without `-data`. */
export async function pemOf(
  field: 'certificate-authority' | 'client-certificate' | 'client-key',
  data: string | undefined,
  file: string | undefined,
): Promise<Buffer | undefined> {
  if (data === undefined && file === undefined) return undefined;
  const bytes = data === undefined ? await bytesOf(field, file ?? '') : Buffer.from(data, 'base64');
  checkPem(bytes, field, data === undefined ? (file ?? '') : `${field}-data`);
  return bytes;
}

/** Refuses what is no certificate, or no key, in a sentence that does not show it. */
export function checkPem(bytes: Buffer, field: string, place: string): void {
  try {
    if (field === 'client-key') createPrivateKey(bytes);
    else new X509Certificate(bytes);
  } catch (cause) {
    throw kubeconfigFault(place, `it is no ${field} in PEM`, cause);
  }
}

async function bytesOf(field: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw kubeconfigFault(
      file,
      `the ${field} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
      cause,
    );
  }
}

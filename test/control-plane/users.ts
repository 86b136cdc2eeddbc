import { randomBytes } from 'node:crypto';

/** Someone whom the API server knows by a token. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
}

export function administrator(): User {
  return { name: 'admin', groups: ['system:masters'], token: randomBytes(24).toString('hex') };
}

/** The API server's token file: one line of CSV each. */
export function tokenFile(users: readonly User[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return users
    .map(({ token, name, groups }) => `${[token, name, name, groups.join(',')].map(quoted).join(',')}\n`)
    .join('');
}

export function kubeconfig(user: User, url: string, ca: string): string {
  const text = JSON.stringify;
  return `apiVersion: v1
kind: Config
current-context: control-plane
clusters:
- name: control-plane
  cluster:
    server: ${text(url)}
    certificate-authority-data: ${Buffer.from(ca).toString('base64')}
users:
- name: ${text(user.name)}
  user:
    token: ${text(user.token)}
contexts:
- name: control-plane
  context:
    cluster: control-plane
    user: ${text(user.name)}
`;
}

export interface KubeconfigOptions {
  /** Of the cluster, the user and the context; default: sandbox. */
  readonly name?: string;
  /** PEM of the certificate that the server is trusted by. */
  readonly ca?: string | undefined;
}

/** A kubeconfig with one context for one bearer token; JSON, which is YAML too. */
export function kubeconfigText(
  server: string,
  token: string,
  { name = 'sandbox', ca }: KubeconfigOptions = {},
): string {
  const trust = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...trust } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

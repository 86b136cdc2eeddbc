/** A kubeconfig with one context for one bearer token; JSON, which is YAML too. */
export function kubeconfigText(server: string, token: string, name = 'sandbox'): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

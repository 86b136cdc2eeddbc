/** Who asks, as authentication found them. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The server itself: never asked for permission. */
export const LOOPBACK: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

/** The user of a controller of kube-controller-manager: `system:serviceaccount:kube-system:deployment-controller`. */
export const controllerUser = (name: string): User => accountUser('kube-system', name);

/** The user of a service account. */
export const accountUser = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

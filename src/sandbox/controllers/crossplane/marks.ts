/** Labels, annotations and finalizers by which Crossplane knows its objects (lab 6, crossplane-gitops 1). */
export const MARKS = {
  paused: 'crossplane.io/paused',
  externalName: 'crossplane.io/external-name',
  createPending: 'crossplane.io/external-create-pending',
  createSucceeded: 'crossplane.io/external-create-succeeded',
  createFailed: 'crossplane.io/external-create-failed',
  resourceName: 'crossplane.io/composition-resource-name',
  composite: 'crossplane.io/composite',
  claimName: 'crossplane.io/claim-name',
  claimNamespace: 'crossplane.io/claim-namespace',
  compositionName: 'crossplane.io/composition-name',
  compositionHash: 'crossplane.io/composition-hash',
} as const;

export const FINALIZERS = {
  managed: 'finalizer.managedresource.crossplane.io',
  composite: 'composite.apiextensions.crossplane.io',
  claim: 'finalizer.apiextensions.crossplane.io',
  defined: 'defined.apiextensions.crossplane.io',
  offered: 'offered.apiextensions.crossplane.io',
} as const;

export const CONNECTION_TYPE = 'connection.crossplane.io/v1alpha1';

/** Who writes: rights come with the installation, not with this model. */
export const CROSSPLANE_USER = {
  name: 'system:serviceaccount:crossplane-system:crossplane',
  groups: ['system:masters', 'system:serviceaccounts', 'system:authenticated'],
};

/** Five characters as the API server's name generator gives them. */
export function suffix(random: () => number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)] ?? 'b').join('');
}

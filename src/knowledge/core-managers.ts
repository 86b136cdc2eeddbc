/**
 * Field managers of Kubernetes' own components, as regular expressions over `metadata.managedFields[].manager`.
 * A manager is named after the program's file (`kube-apiserver`), so builds that rename it are matched too (`apiserver`, `kcm` in the lab).
 */
export const apiServer = '^(kube-)?apiserver$';
export const controllerManager = '^(kube-controller-manager|kcm)$';

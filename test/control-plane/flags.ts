import { join } from 'node:path';

/** The files and ports of one control plane. */
export interface Site {
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiServerPort: number;
  readonly serviceCidr: string;
}

export const TOKENS = 'tokens.csv';
export const SIGNING_KEY = 'service-account.key';
export const ADMIN_KUBECONFIG = 'admin.kubeconfig';
export const CA = 'ca.crt';
/** Where the API server writes the certificate that it makes for itself. */
export const CERTIFICATES = 'certificates';
export const SERVING_CERTIFICATE = join(CERTIFICATES, 'apiserver.crt');

export function etcdFlags(site: Site): string[] {
  const client = `http://127.0.0.1:${site.etcdPort}`;
  const peer = `http://127.0.0.1:${site.etcdPeerPort}`;
  return [
    '--name=default',
    `--data-dir=${join(site.folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // A test's data need not survive the machine.
    '--unsafe-no-fsync',
    // It elects itself; the default makes it wait a second for rivals that do not exist.
    '--heartbeat-interval=20',
    '--election-timeout=200',
    '--log-level=warn',
  ];
}

export function apiServerFlags(site: Site, extra: readonly string[]): string[] {
  const key = join(site.folder, SIGNING_KEY);
  return [
    `--etcd-servers=http://127.0.0.1:${site.etcdPort}`,
    `--secure-port=${site.apiServerPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--cert-dir=${join(site.folder, CERTIFICATES)}`,
    `--token-auth-file=${join(site.folder, TOKENS)}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-cluster-ip-range=${site.serviceCidr}`,
    '--endpoint-reconciler-type=none',
    '--allow-privileged',
    // The last flag of a name wins, so these override the ones above.
    ...extra,
  ];
}

export function controllerManagerFlags(site: Site, extra: readonly string[]): string[] {
  return [
    `--kubeconfig=${join(site.folder, ADMIN_KUBECONFIG)}`,
    `--service-account-private-key-file=${join(site.folder, SIGNING_KEY)}`,
    `--root-ca-file=${join(site.folder, CA)}`,
    '--leader-elect=false',
    // Nobody asks it anything, so it needs no port.
    '--secure-port=0',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    ...extra,
  ];
}

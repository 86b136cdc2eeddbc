import type { Json } from '../../objects/json.ts';

/** The parts of Pods and their like that plugins look at and change. Everything may be absent: plugins run before validation. */
export type Quantities = Record<string, string>;

export interface ContainerShape {
  name: string;
  image?: string;
  restartPolicy?: string;
  resources?: { requests?: Quantities; limits?: Quantities };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string } } }[];
  envFrom?: { secretRef?: { name: string } }[];
  ports?: { hostPort?: number }[];
  securityContext?: SecurityShape;
  livenessProbe?: HandlerShape;
  readinessProbe?: HandlerShape;
  startupProbe?: HandlerShape;
  lifecycle?: { postStart?: HandlerShape; preStop?: HandlerShape };
}
export interface HandlerShape {
  httpGet?: { host?: string };
  tcpSocket?: { host?: string };
}
export interface SecurityShape {
  privileged?: boolean;
  procMount?: string;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  allowPrivilegeEscalation?: boolean;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type: string };
  appArmorProfile?: { type: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  windowsOptions?: { hostProcess?: boolean };
  sysctls?: { name: string; value: string }[];
}
export interface TolerationShape {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}
export type VolumeShape = { name: string } & { [source: string]: Json | undefined };
export interface PodSpecShape {
  containers?: ContainerShape[];
  initContainers?: ContainerShape[];
  ephemeralContainers?: ContainerShape[];
  volumes?: VolumeShape[];
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  imagePullSecrets?: { name: string }[];
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
  runtimeClassName?: string;
  overhead?: Quantities;
  nodeSelector?: Record<string, string>;
  tolerations?: TolerationShape[];
  activeDeadlineSeconds?: number;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  os?: { name: string };
  resources?: { requests?: Quantities; limits?: Quantities };
  securityContext?: SecurityShape;
  affinity?: Record<string, unknown>;
}
export interface MetaShape {
  name?: string;
  generateName?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  resourceVersion?: string;
}
export interface PodShape {
  metadata: MetaShape;
  spec: PodSpecShape;
  status?: { phase?: string };
}

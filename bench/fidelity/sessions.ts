/** One command line, and how what it prints is compared when not line by line in order. */
export interface Compared {
  readonly command: string;
  /** `sorted`: lines in any order, because names with chance in them order them. `ended`: the last line, because the way there is a matter of moments. */
  readonly by: 'sorted' | 'ended';
}
/** Seconds in which what was written reaches those who cache it. */
export interface Pause {
  readonly seconds: number;
}
/** What somebody types, in order, in a namespace of its own. */
export interface Session {
  readonly title: string;
  /** By their path below the folder in which the commands run. */
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly (string | Compared | Pause)[];
  /**
   * At servers of its own where Pods become ready: a real control plane with a stand-in for a node, and `seaworthy sandbox start`
   * as somebody starts it. Default: the real one is shared, and Pods stay Pending.
   */
  readonly nodes?: true;
}

export const sorted = (command: string): Compared => ({ command, by: 'sorted' });
export const ended = (command: string): Compared => ({ command, by: 'ended' });
export const pause = (seconds: number): Pause => ({ seconds });

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1
`;
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red, size: small}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80}]
`;

export const SESSIONS: readonly Session[] = [
  {
    title: 'get in every output',
    files: { 'config.yaml': CONFIG, 'service.yaml': SERVICE },
    commands: [
      'create -f config.yaml',
      'create -f config.yaml',
      'create -f service.yaml',
      'get configmap settings',
      'get cm,svc',
      'get cm settings -o yaml',
      'get cm settings -o json',
      'get cm -o name',
      'get cm settings -o wide',
      'get cm settings -o jsonpath={.data.colour}',
      'get cm -o custom-columns=NAME:.metadata.name,COLOUR:.data.colour',
      'get cm --show-labels',
      'get cm settings --no-headers',
      'get cm absent',
      'get nonsense',
      'get cm -l app=web',
      'get svc web -o go-template={{.spec.clusterIP}}',
      'get all',
      'get cm --field-selector=data.x=y',
    ],
  },
  {
    title: 'apply, diff and delete on the client side',
    files: {
      'config.yaml': CONFIG,
      'changed.yaml': CONFIG.replace('red', 'blue').replace(', size: small', ''),
      'both.yaml': `${DEPLOYMENT}---\n${SERVICE}`,
    },
    commands: [
      'diff -f config.yaml',
      'apply -f config.yaml',
      'apply -f config.yaml',
      'diff -f config.yaml',
      'diff -f changed.yaml',
      'apply -f changed.yaml --dry-run=server',
      'apply -f changed.yaml',
      'get cm settings -o yaml',
      'apply -f both.yaml',
      'apply -f both.yaml',
      'delete -f both.yaml',
      'delete -f config.yaml',
      'delete -f config.yaml',
      'delete cm absent --ignore-not-found',
      'apply view-last-applied cm settings',
    ],
  },
  {
    title: 'apply on the server side',
    files: { 'config.yaml': CONFIG, 'changed.yaml': CONFIG.replace('red', 'green'), 'deployment.yaml': DEPLOYMENT },
    commands: [
      'apply --server-side -f config.yaml',
      'apply --server-side -f config.yaml',
      'apply --server-side --field-manager=other -f changed.yaml',
      'apply --server-side --field-manager=other --force-conflicts -f changed.yaml',
      'diff --server-side --force-conflicts -f config.yaml',
      'apply -f config.yaml',
      'apply --server-side --force-conflicts -f config.yaml',
      'get cm settings -o yaml --show-managed-fields',
      'apply --server-side -f deployment.yaml',
      'apply --server-side -f deployment.yaml --dry-run=server',
    ],
  },
  {
    title: 'labels, annotations and patches of three kinds',
    files: { 'config.yaml': CONFIG, 'deployment.yaml': DEPLOYMENT },
    commands: [
      'apply -f config.yaml -f deployment.yaml',
      'label cm settings tier=front',
      'label cm settings tier=back',
      'label cm settings tier=back --overwrite',
      'label cm settings tier-',
      'annotate cm settings note=hello',
      'annotate cm settings note-',
      'patch cm settings -p {"data":{"colour":"black"}}',
      'patch cm settings --type=merge -p {"data":{"size":null}}',
      'patch cm settings --type=json -p [{"op":"replace","path":"/data/colour","value":"white"}]',
      'patch cm settings --type=json -p [{"op":"remove","path":"/data/absent"}]',
      'patch deployment web -p {"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:2"}]}}}}',
      'patch deployment web -p {"spec":{"replicas":"many"}}',
      'patch cm absent -p {}',
      'get cm settings -o jsonpath={.data}',
      'set image deployment/web web=nginx:3',
    ],
  },
  {
    title: 'scale, rollout and wait',
    files: { 'deployment.yaml': DEPLOYMENT },
    commands: [
      'create -f deployment.yaml',
      'rollout status deployment/web --timeout=20s',
      'wait --for=condition=Available deployment/web --timeout=20s',
      'wait --for=jsonpath={.spec.replicas}=0 deployment/web --timeout=5s',
      'scale deployment web --replicas=2',
      'scale deployment web --current-replicas=7 --replicas=3',
      'wait --for=jsonpath={.status.replicas}=2 deployment/web --timeout=10s',
      'rollout status deployment/web --timeout=1s',
      'wait --for=condition=Available deployment/absent --timeout=1s',
      'scale deployment web --replicas=0',
      'wait --for=jsonpath={.status.observedGeneration}=3 deployment/web --timeout=10s',
      'rollout pause deployment/web',
      'rollout resume deployment/web',
      'rollout status deployment/absent',
      'delete deployment web',
      'wait --for=delete deployment/web --timeout=10s',
      'get deployment web',
    ],
  },
  {
    title: 'create by generators, and what one may do',
    files: {},
    commands: [
      'create namespace NAMESPACE-more',
      'create namespace NAMESPACE-more',
      'create deployment plain --image=nginx --replicas=0',
      'create configmap literal --from-literal=a=b',
      'create secret generic hidden --from-literal=a=b',
      'create serviceaccount robot',
      'create role reader --verb=get,list --resource=configmaps',
      'create rolebinding readers --role=reader --serviceaccount=NAMESPACE:robot',
      'create service clusterip front --tcp=80:8080 --clusterip=None',
      'create job once --image=busybox --dry-run=server',
      'create quota few --hard=pods=5',
      'auth can-i get configmaps',
      'auth can-i get configmaps --as=system:serviceaccount:NAMESPACE:robot',
      'auth can-i delete configmaps --as=system:serviceaccount:NAMESPACE:robot',
      'auth can-i --list --as=system:serviceaccount:NAMESPACE:robot',
      'get cm --as=system:serviceaccount:NAMESPACE:robot',
      'get secrets --as=system:serviceaccount:NAMESPACE:robot',
      'delete namespace NAMESPACE-more --wait=false',
      'expose deployment plain --port=80 --cluster-ip=None',
    ],
  },
  {
    title: 'describe',
    // One key: kubectl shows several in any order.
    files: {
      'config.yaml': CONFIG.replace(', size: small', ''),
      'service.yaml': SERVICE,
      'deployment.yaml': DEPLOYMENT,
    },
    commands: [
      'apply -f config.yaml -f service.yaml -f deployment.yaml',
      'wait --for=condition=Available deployment/web --timeout=20s',
      'describe cm settings',
      'describe svc web',
      'describe deployment web',
      'describe cm absent',
      'create secret generic hidden --from-literal=a=b',
      'describe secret hidden',
      'describe serviceaccount default',
      'describe namespace NAMESPACE',
      'api-resources --api-group=apps',
      'explain configmap.data',
      'delete svc,deployment --all',
    ],
  },
];

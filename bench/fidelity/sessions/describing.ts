import type { Session } from '../sessions.ts';
import { CLAIM, CONFIG, CRON_JOB, DAEMON, DEPLOYMENT, INGRESS, JOB, POD, SERVICE, STATEFUL } from './manifests.ts';

export const DESCRIBING: readonly Session[] = [
  {
    title: 'describe of many kinds',
    files: {
      // One key: kubectl shows several in any order.
      'all.yaml': [
        CLAIM,
        CONFIG.replace(', size: small', ''),
        CRON_JOB,
        DAEMON,
        INGRESS,
        JOB,
        POD,
        SERVICE,
        STATEFUL,
      ].join('---\n'),
      'deployment.yaml': DEPLOYMENT.replace('replicas: 2', 'replicas: 0'),
      'rest.yaml': `apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec: {limits: [{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m}, max: {cpu: 1}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: front}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{protocol: TCP, port: 80}]
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: NAMESPACE-volume}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: slow
  hostPath: {path: /tmp/x}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: NAMESPACE-class}
provisioner: example.com/disk
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: scaler}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: absent}
  maxReplicas: 3
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`,
    },
    commands: [
      'create -f all.yaml -f deployment.yaml',
      'create -f rest.yaml',
      'wait --for=condition=Available deployment/web --timeout=20s',
      'wait --for=jsonpath={.status.active}=1 job/once --timeout=20s',
      'wait --for=jsonpath={.status.replicas}=2 sts/db --timeout=20s',
      'describe pod lonely',
      'describe pod lonely --show-events=false',
      'describe deployment web',
      'describe rs -l app=web --show-events=false',
      'describe sts db --show-events=false',
      'describe ds agent',
      'describe job once --show-events=false',
      'describe cronjob nightly',
      'describe svc web --show-events=false',
      'describe ingress front',
      'describe pvc data --show-events=false',
      'describe cm settings',
      'describe limits limits',
      'describe netpol deny',
      'describe pv NAMESPACE-volume',
      'describe sc NAMESPACE-class',
      'describe hpa scaler --show-events=false',
      'describe sa default',
      'describe ns NAMESPACE',
      'create quota few --hard=pods=50,configmaps=20',
      'wait --for=jsonpath={.status.hard.pods}=50 quota/few --timeout=10s',
      'describe quota few',
      'create pdb guard --selector=app=web --min-available=1',
      'describe pdb guard --show-events=false',
      'create secret generic hidden --from-literal=a=bcd',
      'describe secret hidden',
      'create role reader --verb=get --resource=pods',
      'describe role reader',
      'create rolebinding reading --role=reader --user=jane',
      'describe rolebinding reading',
      'describe clusterrole view',
      'describe clusterrolebinding cluster-admin',
      'describe priorityclass system-node-critical',
      'describe endpoints web',
      'describe endpointslice -l kubernetes.io/service-name=web --show-events=false',
      'describe pods',
      'describe pod absent',
      'describe nonsense',
      'describe -f rest.yaml --show-events=false',
      'describe cm -l nothing=here',
      'describe svc kubernetes -n default',
      'get events --field-selector=involvedObject.name=absent',
      'events --for=pod/absent',
      'delete pv NAMESPACE-volume',
      'delete sc NAMESPACE-class',
    ],
  },
];

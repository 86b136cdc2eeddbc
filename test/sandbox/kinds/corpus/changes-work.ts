import { at, type Body, type Change, deployment, frozen, nodePort, service, stateful } from './change.ts';
import { object, selector, template } from './parts.ts';

export const CHANGES_WORK: readonly Change[] = [
  {
    story: 'a label of a deployment',
    from: deployment,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b' };
    },
  },
  {
    story: 'an annotation of a deployment counts',
    from: deployment,
    edit: (it) => {
      at(it, 'metadata').annotations = { a: 'b' };
    },
  },
  {
    story: 'replicas count',
    from: deployment,
    edit: (it) => {
      at(it, 'spec').replicas = 3;
    },
  },
  {
    story: 'status is put back',
    from: deployment,
    edit: (it) => {
      it.status = { replicas: 5 };
    },
  },
  {
    story: 'generation is put back',
    from: deployment,
    edit: (it) => {
      at(it, 'metadata').generation = 9;
    },
  },
  {
    story: 'selector of a deployment',
    from: deployment,
    edit: (it) => {
      at(it, 'spec').selector = { matchLabels: { app: 'b' } };
      at(it, 'spec', 'template', 'metadata').labels = { app: 'b' };
    },
  },
  {
    story: 'status of a deployment',
    from: deployment,
    status: true,
    edit: (it) => {
      it.status = { replicas: 1, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 };
      at(it, 'metadata').labels = { x: 'y' };
    },
  },
  {
    story: 'status of a deployment that cannot be',
    from: deployment,
    status: true,
    edit: (it) => {
      it.status = { replicas: 1, readyReplicas: 2, availableReplicas: 3 };
    },
  },
  {
    story: 'stateful set scaled',
    from: stateful,
    edit: (it) => {
      at(it, 'spec').replicas = 2;
    },
  },
  {
    story: 'stateful set service name',
    from: stateful,
    edit: (it) => {
      at(it, 'spec').serviceName = 'other';
    },
  },
  {
    story: 'stateful set status',
    from: stateful,
    status: true,
    edit: (it) => {
      it.status = { replicas: 1, currentRevision: 'a', updateRevision: 'a', collisionCount: 0 };
    },
  },
  {
    story: 'replica set scaled',
    from: object('apps/v1', 'ReplicaSet', 'x', { spec: { selector, template: template() } }),
    edit: (it) => {
      at(it, 'spec').replicas = 0;
    },
  },
  {
    story: 'daemon set template',
    from: object('apps/v1', 'DaemonSet', 'x', { spec: { selector, template: template() } }),
    edit: (it) => {
      ((at(it, 'spec', 'template', 'spec').containers as Body[])[0] as Body).image = 'b';
    },
  },
  {
    story: 'immutable data',
    from: frozen,
    edit: (it) => {
      it.data = { a: 'c' };
    },
  },
  {
    story: 'immutable flag',
    from: frozen,
    edit: (it) => {
      delete it.immutable;
    },
  },
  {
    story: 'immutable label',
    from: frozen,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b' };
    },
  },
  {
    story: 'secret type',
    from: object('v1', 'Secret', 'x', {}),
    edit: (it) => {
      it.type = 'other';
    },
  },
  {
    story: 'secret string data',
    from: object('v1', 'Secret', 'x', { data: { a: 'AA==' } }),
    edit: (it) => {
      it.stringData = { b: 'c' };
    },
  },
  {
    story: 'bad label on update',
    from: frozen,
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b c' };
    },
  },
  {
    story: 'namespace phase',
    from: object('v1', 'Namespace', 'x'),
    edit: (it) => {
      it.status = { phase: 'Terminating' };
      it.spec = {};
    },
  },
  {
    story: 'namespace label is put back',
    from: object('v1', 'Namespace', 'x'),
    edit: (it) => {
      at(it, 'metadata').labels = { a: 'b' };
    },
  },
  {
    story: 'service port',
    from: service,
    edit: (it) => {
      at(it, 'spec').ports = [{ port: 81 }];
    },
  },
  {
    story: 'service ip left out',
    from: service,
    edit: (it) => {
      delete at(it, 'spec').clusterIP;
      delete at(it, 'spec').clusterIPs;
    },
  },
  {
    story: 'service ip changed',
    from: service,
    edit: (it) => {
      at(it, 'spec').clusterIP = '10.0.0.10';
    },
  },
  {
    story: 'service ips changed',
    from: service,
    edit: (it) => {
      at(it, 'spec').clusterIP = '10.0.0.10';
      at(it, 'spec').clusterIPs = ['10.0.0.10'];
    },
  },
  {
    story: 'service to node port',
    from: service,
    edit: (it) => {
      at(it, 'spec').type = 'NodePort';
    },
  },
  {
    story: 'service to load balancer',
    from: service,
    edit: (it) => {
      at(it, 'spec').type = 'LoadBalancer';
    },
  },
  {
    story: 'service to external name',
    from: service,
    edit: (it) => {
      at(it, 'spec').type = 'ExternalName';
      at(it, 'spec').externalName = 'a.b';
    },
  },
  {
    story: 'node port to cluster ip',
    from: nodePort,
    edit: (it) => {
      at(it, 'spec').type = 'ClusterIP';
    },
  },
  {
    story: 'node port left out',
    from: nodePort,
    edit: (it) => {
      at(it, 'spec').ports = [{ port: 80 }];
    },
  },
  {
    story: 'service status',
    from: object('v1', 'Service', 'x', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }),
    status: true,
    edit: (it) => {
      it.status = { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } };
    },
  },
  {
    story: 'external name to cluster ip',
    from: object('v1', 'Service', 'x', { spec: { type: 'ExternalName', externalName: 'a.b' } }),
    edit: (it) => {
      at(it, 'spec').type = 'ClusterIP';
      at(it, 'spec').ports = [{ port: 80 }];
    },
  },
];

import type { JsonObject } from '../../../src/objects/json.ts';

/** What kubectl 1.33 sent, and what it means: fields that hold nothing left out. */
export const BODIES: readonly { readonly command: string; readonly body: string; readonly means: JsonObject }[] = [
  {
    command: 'create ns rec',
    body: 'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhsKEwoDcmVjEgAaACIAKgAyADgAQgASABoCCgAaACIA',
    means: { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'rec' }, spec: {}, status: {} },
  },
  {
    command: 'create deployment web -n rec --image=nginx --replicas=3 --port=80',
    body: 'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErsBCiIKA3dlYhIAGgNyZWMiACoAMgA4AEIAWgoKA2FwcBIDd2ViEoYBCAMSDAoKCgNhcHASA3dlYhpsChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkwSLgoFbmdpbngSBW5naW54KgAyCgoAEAAYUCIAKgBCAGoAcgCAAQCIAQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=',
    means: {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', namespace: 'rec', labels: { app: 'web' } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }] },
        },
        strategy: {},
      },
      status: {},
    },
  },
  {
    command: 'create quota few -n rec --hard=pods=5,cpu=2500m,memory=4Gi',
    body: 'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRJKChYKA2ZldxIAGgNyZWMiACoAMgA4AEIAEi4KDgoDY3B1EgcKBTI1MDBtCg8KBm1lbW9yeRIFCgM0R2kKCwoEcG9kcxIDCgE1GgAaACIA',
    means: {
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      metadata: { name: 'few', namespace: 'rec' },
      spec: { hard: { cpu: '2500m', memory: '4Gi', pods: '5' } },
      status: {},
    },
  },
  {
    command: 'create pdb half -n rec --selector=app=web --max-unavailable=50%',
    body: 'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSQAoXCgRoYWxmEgAaA3JlYyIAKgAyADgAQgASGRIMCgoKA2FwcBIDd2ViGgkIARAAGgM1MCUaCggAGAAgACgAMAAaACIA',
    means: {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'half', namespace: 'rec' },
      spec: { selector: { matchLabels: { app: 'web' } }, maxUnavailable: '50%' },
      status: {},
    },
  },
  {
    command: 'create pdb one -n rec --selector=app=web --min-available=1',
    body: 'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSPAoWCgNvbmUSABoDcmVjIgAqADIAOABCABIWCgYIABABGgASDAoKCgNhcHASA3dlYhoKCAAYACAAKAAwABoAIgA=',
    means: {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'one', namespace: 'rec' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
      status: {},
    },
  },
  {
    command: 'create ingress front -n rec --rule=a.example/path*=front:http,tls=cert --class=nginx --annotation=a=b',
    body: 'azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxJ5CiAKBWZyb250EgAaA3JlYyIAKgAyADgAQgBiBgoBYRIBYhJREhEKCWEuZXhhbXBsZRIEY2VydBo1CglhLmV4YW1wbGUSKAomCiQKBS9wYXRoEhMiEQoFZnJvbnQSCAoEaHR0cBAAGgZQcmVmaXgiBW5naW54GgIKABoAIgA=',
    means: {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'front', namespace: 'rec', annotations: { a: 'b' } },
      spec: {
        tls: [{ hosts: ['a.example'], secretName: 'cert' }],
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [
                { path: '/path', backend: { service: { name: 'front', port: { name: 'http' } } }, pathType: 'Prefix' },
              ],
            },
          },
        ],
        ingressClassName: 'nginx',
      },
      status: { loadBalancer: {} },
    },
  },
  {
    command: 'create role reader -n rec --verb=get --verb=list --resource=pods,deployments.apps --resource-name=a',
    body: 'azhzAAokChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgRSb2xlElYKGQoGcmVhZGVyEgAaA3JlYyIAKgAyADgAQgASFgoDZ2V0CgRsaXN0EgAaBHBvZHMiAWESIQoDZ2V0CgRsaXN0EgRhcHBzGgtkZXBsb3ltZW50cyIBYRoAIgA=',
    means: {
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'reader', namespace: 'rec' },
      rules: [
        { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
        { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['a'] },
      ],
    },
  },
  {
    command: 'create rolebinding reading -n rec --role=reader --serviceaccount=rec:robot --user=jane --group=staff',
    body: 'azhzAAorChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgtSb2xlQmluZGluZxK/AQoaCgdyZWFkaW5nEgAaA3JlYyIAKgAyADgAQgASKQoEVXNlchIZcmJhYy5hdXRob3JpemF0aW9uLms4cy5pbxoEamFuZSIAEisKBUdyb3VwEhlyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvGgVzdGFmZiIAEh4KDlNlcnZpY2VBY2NvdW50EgAaBXJvYm90IgNyZWMaKQoZcmJhYy5hdXRob3JpemF0aW9uLms4cy5pbxIEUm9sZRoGcmVhZGVyGgAiAA==',
    means: {
      kind: 'RoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'reading', namespace: 'rec' },
      subjects: [
        { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' },
        { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'staff' },
        { kind: 'ServiceAccount', name: 'robot', namespace: 'rec' },
      ],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    },
  },
  {
    command: 'create clusterrole rec-agg --aggregation-rule=a=b',
    body: 'azhzAAorChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgtDbHVzdGVyUm9sZRIlChcKB3JlYy1hZ2cSABoAIgAqADIAOABCABoKCggKBgoBYRIBYhoAIgA=',
    means: {
      kind: 'ClusterRole',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'rec-agg' },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    },
  },
  {
    command: 'create secret generic hidden -n rec --from-literal=a=bcd',
    body: 'azhzAAoMCgJ2MRIGU2VjcmV0EicKGQoGaGlkZGVuEgAaA3JlYyIAKgAyADgAQgASCAoBYRIDYmNkGgAaACIA',
    means: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'hidden', namespace: 'rec' }, data: { a: 'YmNk' } },
  },
  {
    command: "create cronjob nightly -n rec --image=busybox --schedule='0 3 * * *' -- echo hi",
    body: 'azhzAAoTCghiYXRjaC92MRIHQ3JvbkpvYhK5AQoaCgduaWdodGx5EgAaA3JlYyIAKgAyADgAQgASmAEKCTAgMyAqICogKhoAKogBChcKB25pZ2h0bHkSABoAIgAqADIAOABCABJtMmsKEAoAEgAaACIAKgAyADgAQgASVxIwCgduaWdodGx5EgdidXN5Ym94GgRlY2hvGgJoaSoAQgBqAHIAgAEAiAEAkAEAogEAGglPbkZhaWx1cmUyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBABoAGgAiAA==',
    means: {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name: 'nightly', namespace: 'rec' },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: {
          metadata: { name: 'nightly' },
          spec: {
            template: {
              metadata: {},
              spec: {
                containers: [{ name: 'nightly', image: 'busybox', command: ['echo', 'hi'], resources: {} }],
                restartPolicy: 'OnFailure',
              },
            },
          },
        },
      },
      status: {},
    },
  },
  {
    command: 'create service nodeport outer -n rec --tcp=80:http',
    body: 'azhzAAoNCgJ2MRIHU2VydmljZRJ0CiYKBW91dGVyEgAaA3JlYyIAKgAyADgAQgBaDAoDYXBwEgVvdXRlchJGCh4KBzgwLWh0dHASA1RDUBhQIgoIARAAGgRodHRwKAASDAoDYXBwEgVvdXRlchoAIghOb2RlUG9ydDoAQgBSAFoAYABoABoCCgAaACIA',
    means: {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 'outer', namespace: 'rec', labels: { app: 'outer' } },
      spec: {
        ports: [{ name: '80-http', protocol: 'TCP', port: 80, targetPort: 'http' }],
        selector: { app: 'outer' },
        type: 'NodePort',
      },
      status: { loadBalancer: {} },
    },
  },
  {
    command: 'create priorityclass rec-high --value=1000 --description=important',
    body: 'azhzAAolChRzY2hlZHVsaW5nLms4cy5pby92MRINUHJpb3JpdHlDbGFzcxJAChgKCHJlYy1oaWdoEgAaACIAKgAyADgAQgAQ6AcYACIJaW1wb3J0YW50KhRQcmVlbXB0TG93ZXJQcmlvcml0eRoAIgA=',
    means: {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name: 'rec-high' },
      value: 1000,
      description: 'important',
      preemptionPolicy: 'PreemptLowerPriority',
    },
  },
  {
    command: 'create token robot -n rec --duration=20m --audience=me',
    body: 'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIhChAKABIAGgAiACoAMgA4AEIAEgcKAm1lILAJGgQKABIAGgAiAA==',
    means: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec: { audiences: ['me'], expirationSeconds: 1200 },
      status: {},
    },
  },
  {
    command: 'auth can-i get /healthz',
    body: 'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSLwoQCgASABoAIgAqADIAOABCABIREg8KCC9oZWFsdGh6EgNnZXQaCAgAEgAaACAAGgAiAA==',
    means: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: { nonResourceAttributes: { path: '/healthz', verb: 'get' } },
      status: {},
    },
  },
  {
    command: 'auth can-i --list -n rec',
    body: 'azhzAAoxChdhdXRob3JpemF0aW9uLms4cy5pby92MRIWU2VsZlN1YmplY3RSdWxlc1JldmlldxIfChAKABIAGgAiACoAMgA4AEIAEgUKA3JlYxoEGAAiABoAIgA=',
    means: {
      kind: 'SelfSubjectRulesReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: { namespace: 'rec' },
      status: {},
    },
  },
  {
    command: 'autoscale deployment web -n rec --min=1 --max=3 --cpu-percent=80',
    body: 'azhzAAopCg5hdXRvc2NhbGluZy92MhIXSG9yaXpvbnRhbFBvZEF1dG9zY2FsZXISYQoTCgN3ZWISABoAIgAqADIAOABCABJEChoKCkRlcGxveW1lbnQSA3dlYhoHYXBwcy92MRABGAMiIgoIUmVzb3VyY2UiFgoDY3B1Eg8KC1V0aWxpemF0aW9uIFAaBBgAIAAaACIA',
    means: {
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
      status: {},
    },
  },
];

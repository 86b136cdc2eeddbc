import type { MutableJsonObject } from '../../../../src/objects/json.ts';
import { object } from './parts.ts';

type Body = MutableJsonObject;
const service = (spec: Body): Body => object('v1', 'Service', 'bad', { spec });
const map = (metadata: Body): Body => object('v1', 'ConfigMap', 'bad', {}, metadata);
const ports = [{ port: 80 }];

/** Metadata, data and Services that the server refuses. */
export const REFUSED_CORE: Readonly<Record<string, Body>> = {
  'name in capitals': map({ name: 'Bad' }),
  'name too long': map({ name: 'a'.repeat(254) }),
  'name with underscore': map({ name: 'a_b' }),
  'generate name bad': map({ name: 'x', generateName: 'Bad-' }),
  'label key': map({ labels: { 'a b': 'x' } }),
  'label value': map({ labels: { a: 'b c' } }),
  'label value too long': map({ labels: { a: 'b'.repeat(64) } }),
  'label prefix': map({ labels: { 'A_/b': 'c' } }),
  'annotation key': map({ annotations: { 'a b': 'x' } }),
  'annotations too large': map({ annotations: { a: 'x'.repeat(262145) } }),
  finalizer: map({ finalizers: ['a b', 'x/y/z'] }),
  owners: map({ ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] }),
  'two controllers': map({
    ownerReferences: [
      { apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u', controller: true },
      { apiVersion: 'v1', kind: 'B', name: 'b', uid: 'v', controller: true },
    ],
  }),
  'bad generation': map({ generation: -1 }),
  'labels of numbers': map({ labels: { a: 1 } }),
  'labels a list': map({ labels: ['a'] }),
  'data of numbers': object('v1', 'ConfigMap', 'bad', { data: { a: 1 } }),
  'data key': object('v1', 'ConfigMap', 'bad', { data: { '..': '' } }),
  'data twice': object('v1', 'ConfigMap', 'bad', { data: { a: '' }, binaryData: { a: 'AA==' } }),
  'data too large': object('v1', 'ConfigMap', 'bad', { data: { a: 'x'.repeat(1048577) } }),
  'not base64': object('v1', 'Secret', 'bad', { data: { a: 'x!' } }),
  'secret number': object('v1', 'Secret', 'bad', { data: { a: 5 } }),
  'tls without key': object('v1', 'Secret', 'bad', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'AA==' } }),
  'docker config': object('v1', 'Secret', 'bad', {
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': 'eA==' },
  }),
  'docker config absent': object('v1', 'Secret', 'bad', { type: 'kubernetes.io/dockerconfigjson' }),
  'basic auth': object('v1', 'Secret', 'bad', { type: 'kubernetes.io/basic-auth' }),
  'ssh auth': object('v1', 'Secret', 'bad', { type: 'kubernetes.io/ssh-auth' }),
  'token without account': object('v1', 'Secret', 'bad', { type: 'kubernetes.io/service-account-token' }),
  'namespace with dots': object('v1', 'Namespace', 'a.b'),
  'namespace with capitals': object('v1', 'Namespace', 'A'),
  'service without ports': service({}),
  'service name': object('v1', 'Service', '1a', { spec: { ports } }),
  'service type': service({ type: 'X', ports }),
  'service ip out of range': service({ clusterIP: '10.1.0.1', ports }),
  'service ip taken': service({ clusterIP: '10.0.0.10', ports }),
  'service ip no ip': service({ clusterIP: 'x', ports }),
  'service ipv6': service({ ipFamilies: ['IPv6'], ports }),
  'service requires dual stack': service({ ipFamilyPolicy: 'RequireDualStack', ports }),
  'service family policy': service({ ipFamilyPolicy: 'X', ports }),
  'service ips disagree': service({ clusterIP: '10.0.0.20', clusterIPs: ['10.0.0.21'], ports }),
  'node port taken': service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30123 }] }),
  'node port out of range': service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
  'node port in cluster ip': service({ ports: [{ port: 80, nodePort: 30200 }] }),
  'port names absent': service({ ports: [{ port: 80 }, { port: 81 }] }),
  'port names twice': service({
    ports: [
      { name: 'a', port: 80 },
      { name: 'a', port: 81 },
    ],
  }),
  'ports twice': service({
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 80 },
    ],
  }),
  'port out of range': service({ ports: [{ port: 70000 }] }),
  'port protocol': service({ ports: [{ port: 80, protocol: 'X' }] }),
  'target port': service({
    ports: [
      { port: 80, targetPort: 'A_B' },
      { name: 'x', port: 81, targetPort: 70000 },
    ],
  }),
  'port text': service({ ports: [{ port: 'http' }] }),
  'external name absent': service({ type: 'ExternalName' }),
  'external name with ip': service({ type: 'ExternalName', externalName: 'a.b', clusterIP: '10.0.0.30' }),
  'session affinity': service({ sessionAffinity: 'X', ports }),
  'traffic policy': service({ externalTrafficPolicy: 'Local', ports }),
  'internal policy': service({ internalTrafficPolicy: 'X', ports }),
  'headless node port': service({ type: 'NodePort', clusterIP: 'None', ports }),
  'selector label': service({ selector: { a: 'b c' }, ports }),
  'source ranges': service({ loadBalancerSourceRanges: ['x'], ports }),
  'external ip': service({ externalIPs: ['127.0.0.1', 'x'], ports }),
  'health port': service({ healthCheckNodePort: 30300, ports }),
  'balancer class': service({ loadBalancerClass: 'a/b', ports }),
};

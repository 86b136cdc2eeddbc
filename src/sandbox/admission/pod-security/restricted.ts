import type { PodSpecShape } from '../shapes.ts';
import { allContainers, type Check, collect, containers, plural, quoted, setters, sorted } from './check.ts';

const FINE_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const OTHER_VOLUMES =
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  );
/** Since 1.25 these checks spare Pods of Windows. */
const spared = (spec: PodSpecShape, minor: number): boolean => minor >= 25 && spec.os?.name === 'windows';
const fineProfile = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';

/** The checks that level restricted adds. */
export const RESTRICTED: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    since: 8,
    find(spec, _annotations, minor) {
      if (spared(spec, minor)) return undefined;
      const { names } = collect(spec, ({ securityContext }) =>
        securityContext?.allowPrivilegeEscalation === false ? [] : [''],
      );
      return names.length === 0
        ? undefined
        : {
            reason: 'allowPrivilegeEscalation != false',
            detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false`,
          };
    },
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    since: 22,
    replaces: 'capabilities_baseline',
    find(spec, _annotations, minor) {
      if (spared(spec, minor)) return undefined;
      const keeping = collect(spec, ({ securityContext }) =>
        securityContext?.capabilities?.drop?.includes('ALL') ? [] : [''],
      ).names;
      const adding = collect(spec, ({ securityContext }) =>
        (securityContext?.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE'),
      );
      const details = [
        ...(keeping.length === 0 ? [] : [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
        ...(adding.names.length === 0
          ? []
          : [
              `${containers(adding.names)} must not include ${quoted(adding.values)} in securityContext.capabilities.add`,
            ]),
      ];
      return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
    },
  },
  {
    id: 'restrictedVolumes',
    level: 'restricted',
    since: 0,
    replaces: 'hostPathVolumes',
    find(spec) {
      const bad = (spec.volumes ?? []).filter((volume) => !FINE_VOLUMES.some((type) => volume[type] !== undefined));
      if (bad.length === 0) return undefined;
      const types = sorted(bad.map((volume) => OTHER_VOLUMES.find((type) => volume[type] !== undefined) ?? 'unknown'));
      const names = bad.map(({ name }) => name);
      const [volumes, uses] = [plural('volume', 'volumes', names.length), plural('uses', 'use', names.length)];
      const kinds = plural('restricted volume type', 'restricted volume types', types.length);
      return {
        reason: 'restricted volume types',
        detail: `${volumes} ${quoted(names)} ${uses} ${kinds} ${quoted(types)}`,
      };
    },
  },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    since: 0,
    find(spec) {
      const own = spec.securityContext?.runAsNonRoot;
      const setting = (container: { securityContext?: { runAsNonRoot?: boolean } }): boolean | undefined =>
        container.securityContext?.runAsNonRoot;
      const { names } = collect(spec, (container) => (setting(container) === false ? [''] : []));
      const who = setters(own === false, names);
      const reason = 'runAsNonRoot != true';
      if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
      const silent = allContainers(spec).filter((container) => setting(container) === undefined && own !== true);
      if (silent.length === 0) return undefined;
      const list = containers(silent.map(({ name }) => name));
      return { reason, detail: `pod or ${list} must set securityContext.runAsNonRoot=true` };
    },
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    since: 23,
    find(spec) {
      const { names } = collect(spec, ({ securityContext }) => (securityContext?.runAsUser === 0 ? [''] : []));
      const who = setters(spec.securityContext?.runAsUser === 0, names);
      return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
    },
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    since: 19,
    replaces: 'seccompProfile_baseline',
    find(spec, _annotations, minor) {
      if (spared(spec, minor)) return undefined;
      const own = spec.securityContext?.seccompProfile?.type;
      const podBad = own !== undefined && !fineProfile(own);
      const { names, values } = collect(spec, ({ securityContext }) => {
        const type = securityContext?.seccompProfile?.type;
        return type === undefined || fineProfile(type) ? [] : [type];
      });
      const who = setters(podBad, names);
      const reason = 'seccompProfile';
      if (who !== '') {
        const bad = quoted(sorted([...(podBad ? [own] : []), ...values]));
        return { reason, detail: `${who} must not set securityContext.seccompProfile.type to ${bad}` };
      }
      if (own !== undefined) return undefined;
      const silent = allContainers(spec).filter(({ securityContext }) => securityContext?.seccompProfile === undefined);
      if (silent.length === 0) return undefined;
      const list = containers(silent.map(({ name }) => name));
      return {
        reason,
        detail: `pod or ${list} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
    },
  },
];

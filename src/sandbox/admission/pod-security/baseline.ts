import { type Check, collect, containers, plural, quoted, setters, sorted } from './check.ts';

const CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
/** Sysctls by the minor version that first allows them. */
const SYSCTLS: Readonly<Record<number, string>> = {
  0: 'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start',
  27: 'net.ipv4.ip_local_reserved_ports',
  29: 'net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes',
  32: 'net.ipv4.tcp_rmem net.ipv4.tcp_wmem',
};
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const fineProfile = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';
const APPARMOR_NOTE = 'container.apparmor.security.beta.kubernetes.io/';

/** The checks of level baseline. */
export const BASELINE: readonly Check[] = [
  {
    id: 'appArmorProfile',
    level: 'baseline',
    since: 0,
    find(spec, annotations) {
      const own = spec.securityContext?.appArmorProfile?.type;
      const podBad = own !== undefined && !fineProfile(own);
      const { names, values } = collect(spec, ({ securityContext }) => {
        const type = securityContext?.appArmorProfile?.type;
        return type === undefined || fineProfile(type) ? [] : [type];
      });
      const notes = Object.entries(annotations)
        .filter(([key, value]) => key.startsWith(APPARMOR_NOTE) && !/^(|runtime\/default|localhost\/.*)$/.test(value))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .sort();
      const who = [
        ...[setters(podBad, names)].filter((text) => text !== ''),
        ...(notes.length === 0 ? [] : [plural('annotation', 'annotations', notes.length)]),
      ].join(' and ');
      if (who === '') return undefined;
      const bad = [...sorted([...(podBad ? [own] : []), ...values]), ...notes];
      return {
        reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', bad.length),
        detail: `${who} must not set AppArmor profile type to ${quoted(bad)}`,
      };
    },
  },
  {
    id: 'capabilities_baseline',
    level: 'baseline',
    since: 0,
    find(spec) {
      const { names, values } = collect(spec, ({ securityContext }) =>
        (securityContext?.capabilities?.add ?? []).filter((one) => !CAPABILITIES.has(one)),
      );
      return names.length === 0
        ? undefined
        : {
            reason: 'non-default capabilities',
            detail: `${containers(names)} must not include ${quoted(values)} in securityContext.capabilities.add`,
          };
    },
  },
  {
    id: 'hostNamespaces',
    level: 'baseline',
    since: 0,
    find(spec) {
      const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
      return shared.length === 0
        ? undefined
        : { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
    },
  },
  {
    id: 'hostPathVolumes',
    level: 'baseline',
    since: 0,
    find(spec) {
      const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
      return names.length === 0
        ? undefined
        : { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` };
    },
  },
  {
    id: 'hostPorts',
    level: 'baseline',
    since: 0,
    find(spec) {
      const { names, values } = collect(spec, ({ ports = [] }) =>
        ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)])),
      );
      if (names.length === 0) return undefined;
      const uses = plural('uses', 'use', names.length);
      const what = plural('hostPort', 'hostPorts', values.length);
      return { reason: 'hostPort', detail: `${containers(names)} ${uses} ${what} ${values.join(', ')}` };
    },
  },
  {
    id: 'hostProbesAndHostLifecycle',
    level: 'baseline',
    since: 34,
    find(spec) {
      const { names, values } = collect(spec, (container) =>
        [
          container.livenessProbe,
          container.readinessProbe,
          container.startupProbe,
          container.lifecycle?.postStart,
          container.lifecycle?.preStop,
        ].flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => !!host) as string[]),
      );
      if (names.length === 0) return undefined;
      const uses = plural('uses', 'use', names.length);
      const what = plural('probe or lifecycle host', 'probe or lifecycle hosts', values.length);
      return {
        reason: 'probe or lifecycle host',
        detail: `${containers(sorted(names))} ${uses} ${what} ${quoted(values)}`,
      };
    },
  },
  {
    id: 'privileged',
    level: 'baseline',
    since: 0,
    find(spec) {
      const { names } = collect(spec, ({ securityContext }) => (securityContext?.privileged === true ? [''] : []));
      return names.length === 0
        ? undefined
        : { reason: 'privileged', detail: `${containers(names)} must not set securityContext.privileged=true` };
    },
  },
  {
    id: 'procMount',
    level: 'baseline',
    since: 0,
    find(spec) {
      const { names, values } = collect(spec, ({ securityContext }) => {
        const mount = securityContext?.procMount;
        return mount === undefined || mount === 'Default' ? [] : [mount];
      });
      return names.length === 0
        ? undefined
        : {
            reason: 'procMount',
            detail: `${containers(names)} must not set securityContext.procMount to ${quoted(values)}`,
          };
    },
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    since: 0,
    find(spec, _annotations, minor) {
      const types: string[] = [];
      let [user, role] = [false, false];
      const bad = (options: { type?: string; user?: string; role?: string } | undefined): boolean => {
        if (options === undefined) return false;
        const type = options.type ?? '';
        const fine = SELINUX_TYPES.includes(type) || (minor >= 31 && type === 'container_engine_t');
        if (!fine) types.push(type);
        user ||= !!options.user;
        role ||= !!options.role;
        return !fine || !!options.user || !!options.role;
      };
      const podBad = bad(spec.securityContext?.seLinuxOptions);
      const { names } = collect(spec, ({ securityContext }) => (bad(securityContext?.seLinuxOptions) ? [''] : []));
      const who = setters(podBad, names);
      if (who === '') return undefined;
      const distinct = sorted(types);
      const data = [
        ...(distinct.length === 0 ? [] : [`${plural('type', 'types', distinct.length)} ${quoted(distinct)}`]),
        ...(user ? ['user may not be set'] : []),
        ...(role ? ['role may not be set'] : []),
      ];
      return {
        reason: 'seLinuxOptions',
        detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
      };
    },
  },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    since: 19,
    find(spec) {
      const own = spec.securityContext?.seccompProfile?.type;
      const podBad = own !== undefined && !fineProfile(own);
      const { names, values } = collect(spec, ({ securityContext }) => {
        const type = securityContext?.seccompProfile?.type;
        return type === undefined || fineProfile(type) ? [] : [type];
      });
      const who = setters(podBad, names);
      if (who === '') return undefined;
      const bad = sorted([...(podBad ? [own] : []), ...values]);
      return {
        reason: 'seccompProfile',
        detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(bad)}`,
      };
    },
  },
  {
    id: 'sysctls',
    level: 'baseline',
    since: 0,
    find(spec, _annotations, minor) {
      const allowed = Object.entries(SYSCTLS).flatMap(([since, names]) =>
        Number(since) <= minor ? names.split(' ') : [],
      );
      const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((one) => !allowed.includes(one));
      return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  {
    id: 'windowsHostProcess',
    level: 'baseline',
    since: 0,
    find(spec) {
      const { names } = collect(spec, ({ securityContext }) =>
        securityContext?.windowsOptions?.hostProcess === true ? [''] : [],
      );
      const who = setters(spec.securityContext?.windowsOptions?.hostProcess === true, names);
      return who === ''
        ? undefined
        : { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
    },
  },
];

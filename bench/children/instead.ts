import type { Cluster } from '../../src/cluster/port.ts';

/** The cluster with some of its methods replaced. */
export function instead(real: Cluster, own: Partial<Cluster>): Cluster {
  return new Proxy(real, {
    get(target, name) {
      const replaced = own[name as keyof Cluster];
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

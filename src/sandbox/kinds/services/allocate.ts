import { invalidValue } from '../../schema/metadata/problems.ts';
import type { Problem } from '../../status/problem.ts';
import { invalid } from '../../status/problem.ts';
import { internalError } from '../../status/refusal.ts';
import type { WriteContext } from '../kind-rules.ts';
import { resourceOf } from '../plain-rules.ts';
import { type Body, child, count, text, texts } from '../values.ts';
import { addressAt, addressesIn, offsetIn } from './cidr.ts';
import { isHeadless, needsHealthPort, nodePortsOf, portsOf, specOf, typeOf } from './traits.ts';

const SERVICES = resourceOf('services');
const CIDRS = resourceOf('networking.k8s.io/servicecidrs');
const PORTS = { low: 30_000, high: 32_767 };
const refuse = (service: Body, found: readonly Problem[]): Error =>
  invalid('', 'Service', text(child(service, 'metadata'), 'name'), found);

/** Gives the Service its cluster IPs, or takes the ones it names. */
export function allocateClusterIPs(service: Body, context: WriteContext, held: readonly string[] = []): void {
  const spec = specOf(service);
  if (typeOf(service) === 'ExternalName' || isHeadless(service)) return;
  const families = texts(spec, 'ipFamilies');
  const ips = [...texts(spec, 'clusterIPs')];
  const ranges = serviceRanges(context);
  let used: Set<string> | undefined;
  families.forEach((_, at) => {
    const wanted = ips[at] ?? '';
    if (wanted !== '' && held.includes(wanted)) return;
    // On trial nothing is looked for: any address will do, and the network's own stands for the next one.
    used ??= context.dryRun ? new Set() : usedAddresses(context);
    if (wanted === '' && context.dryRun) {
      ips[at] = addressAt(ranges[0] ?? '', 0);
      return;
    }
    if (wanted === '') {
      ips[at] = free(ranges, used, context);
      return;
    }
    const range = ranges.find((it) => offsetIn(it, wanted) !== undefined);
    const why =
      range === undefined
        ? `the provided network does not match the current range`
        : used.has(wanted)
          ? 'provided IP is already allocated'
          : undefined;
    if (why !== undefined) {
      throw refuse(service, [invalidValue('spec.clusterIPs', ips, `failed to allocate IP ${wanted}: ${why}`)]);
    }
  });
  if (ips.length === 0) return;
  spec.clusterIPs = ips;
  spec.clusterIP = ips[0] ?? '';
}
function serviceRanges(context: WriteContext): string[] {
  const found: string[] = [];
  for (const cidr of context.store.list(CIDRS))
    found.push(...texts(cidr.spec, 'cidrs').filter((it) => !it.includes(':')));
  return found.length === 0 ? ['10.0.0.0/24'] : found;
}
function usedAddresses(context: WriteContext): Set<string> {
  const used = new Set<string>();
  for (const service of context.store.list(SERVICES)) for (const ip of texts(service.spec, 'clusterIPs')) used.add(ip);
  return used;
}
/** Addresses for the asking come from above the lower band, which is left to Services that name theirs. */
function free(ranges: readonly string[], used: ReadonlySet<string>, context: WriteContext): string {
  for (const range of ranges) {
    const size = addressesIn(range);
    const band = size < 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256);
    const start = band + 1 + Math.floor(context.random() * Math.max(1, size - band));
    for (let step = 0; step < size; step += 1) {
      const above = start + step <= size ? start + step : start + step - size;
      const ip = addressAt(range, above);
      if (!used.has(ip)) return ip;
    }
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

/** Gives or takes node ports and the health check port. `held`: ports that the Service has already. */
export function allocateNodePorts(
  service: Body,
  context: WriteContext,
  held: readonly number[] = [],
  heldHealth = 0,
): void {
  const spec = specOf(service);
  const claims = new PortClaims(service, context, held);
  if (['NodePort', 'LoadBalancer'].includes(typeOf(service))) {
    const automatic = typeOf(service) === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
    const byPort = new Map<number, number>();
    portsOf(service).forEach((port, at) => {
      const number = count(port, 'port');
      let nodePort = count(port, 'nodePort');
      if (nodePort === 0 && !automatic) return;
      // One number serves the same port over several protocols, wherever it is named.
      const shared =
        byPort.get(number) ??
        portsOf(service).find((it) => count(it, 'port') === number && count(it, 'nodePort') !== 0)?.nodePort;
      if (nodePort === 0) nodePort = typeof shared === 'number' ? shared : claims.next();
      port.nodePort = nodePort;
      byPort.set(number, nodePort);
      claims.take(nodePort, `spec.ports[${at}].nodePort`);
    });
  }
  if (!needsHealthPort(service)) return;
  const asked = count(spec, 'healthCheckNodePort') || heldHealth;
  if (asked === 0) spec.healthCheckNodePort = claims.next();
  else {
    spec.healthCheckNodePort = asked;
    if (asked === heldHealth) return;
    const why = claims.problem(asked);
    if (why !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`);
  }
}

class PortClaims {
  readonly #service: Body;
  readonly #context: WriteContext;
  readonly #held: Set<number>;
  readonly #tried: number[] = [];
  #used: Set<number> | undefined;

  constructor(service: Body, context: WriteContext, held: readonly number[]) {
    this.#service = service;
    this.#context = context;
    this.#held = new Set(held);
  }
  take(port: number, field: string): void {
    if (this.#held.has(port)) return;
    const why = this.problem(port);
    if (why !== undefined) throw refuse(this.#service, [invalidValue(field, port, why)]);
    this.#held.add(port);
  }
  problem(port: number): string | undefined {
    if (port < PORTS.low || port > PORTS.high) {
      return `provided port is not in the valid range. The range of valid ports is ${PORTS.low}-${PORTS.high}`;
    }
    return this.#all().has(port) ? 'provided port is already allocated' : undefined;
  }
  next(): number {
    if (this.#context.dryRun) return this.#guess();
    const band = 86;
    const size = PORTS.high - PORTS.low + 1;
    const start = band + Math.floor(this.#context.random() * (size - band));
    for (let step = 0; step < size; step += 1) {
      const port = PORTS.low + ((start + step) % size);
      if (!this.#all().has(port) && !this.#held.has(port)) return port;
    }
    throw internalError('failed to allocate a nodePort: range is full');
  }
  /** On trial: one that nobody has, from a fixed place on. */
  #guess(): number {
    const tried = this.#tried;
    let port = (tried.length === 0 ? 32_768 : Math.max(...tried)) + 1;
    while (this.#all().has(port) || tried.includes(port)) port += 1;
    tried.push(port);
    this.#held.add(port);
    return port;
  }
  #all(): Set<number> {
    if (this.#used !== undefined) return this.#used;
    this.#used = new Set<number>();
    for (const service of this.#context.store.list(SERVICES)) {
      for (const port of nodePortsOf(service)) this.#used.add(port);
      const health = count(service.spec, 'healthCheckNodePort');
      if (health !== 0) this.#used.add(health);
    }
    return this.#used;
  }
}

import { BlockList } from 'node:net';
import type { KubeObject } from '../../objects/json.ts';
import { controllerUser } from '../access/user.ts';
import { timestamp } from '../clock.ts';
import type { ControllerMaker } from './controller.ts';
import { handsOf, resource } from './hands.ts';
import { NotYet, queuedController } from './queued-controller.ts';
import { WorkQueue } from './work-queue.ts';

const RANGES = resource('servicecidrs.networking.k8s.io');
const ADDRESSES = resource('ipaddresses.networking.k8s.io');
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';
const NAME = 'service-cidr-controller';
const ACCOUNT = 'service-cidrs-controller';
/** So long nobody may be given an address of a range that goes before it is gone. */
const GRACE_MS = 10_000;
const STILL_USED =
  'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR';

type Range = KubeObject & {
  readonly spec?: { readonly cidrs?: readonly string[] };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

function holds(cidr: string, address: string): boolean {
  const [base = '', bits = '0'] = cidr.split('/');
  if (familyOf(base) !== familyOf(address)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), familyOf(base));
  return list.check(address, familyOf(address));
}
const bitsOf = (cidr: string): number => Number(cidr.slice(cidr.indexOf('/') + 1));
const holdsRange = (outer: string, inner: string): boolean =>
  bitsOf(outer) <= bitsOf(inner) && holds(outer, inner.slice(0, inner.indexOf('/')));
const cidrsOf = (range: Range): readonly string[] => range.spec?.cidrs ?? [];

/** Ranges of Service addresses are ready, and stay until no address needs them. */
export const serviceCidrController: ControllerMaker = (context) => {
  const queue = new WorkQueue(context.clock);
  const user = controllerUser(ACCOUNT);
  const hands = handsOf(context, ACCOUNT);
  const all = (): Range[] => [...context.api.list(RANGES)] as Range[];

  function mayGo(range: Range): boolean {
    const others = all().filter(({ metadata }) => metadata.name !== range.metadata.name);
    const held = (inside: (cidr: string) => boolean): boolean => others.some((other) => cidrsOf(other).some(inside));
    if (cidrsOf(range).every((cidr) => held((outer) => holdsRange(outer, cidr)))) return true;
    return ![...context.api.list(ADDRESSES)].some(({ metadata: { name = '' } }) => {
      return cidrsOf(range).some((cidr) => holds(cidr, name)) && !held((outer) => holds(outer, name));
    });
  }

  async function tell(range: Range, status: 'True' | 'False', reason: string, message: string): Promise<void> {
    const now = range.status?.conditions?.find(({ type }) => type === 'Ready');
    if (now?.status === status && (now.reason ?? '') === reason && now.message === message) return;
    const { name = '' } = range.metadata;
    const lastTransitionTime = timestamp(context.clock.now());
    const body = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name },
      status: { conditions: [{ type: 'Ready', status, reason, message, lastTransitionTime }] },
    };
    const answer = await context.api.patch(
      { resource: RANGES, name },
      { kind: 'apply', body, force: true },
      { user, manager: NAME, subresource: 'status' },
    );
    if (answer.kind === 'rejected') throw new NotYet(answer.message);
  }

  return queuedController({
    name: NAME,
    queue,
    context,
    noted(change) {
      const { resource: changed } = change.now;
      // An address or another range may be what one that goes has waited for.
      if (changed === RANGES || changed === ADDRESSES) for (const { metadata } of all()) queue.add(metadata.name ?? '');
    },
    async reconcile(name) {
      const range = context.api.get(RANGES, undefined, name) as Range | undefined;
      if (range === undefined) return;
      const { deletionTimestamp, finalizers = [] } = range.metadata;
      if (deletionTimestamp === undefined) {
        if (!finalizers.includes(FINALIZER))
          await hands.patch(RANGES, range, 'strategic', { metadata: { finalizers: [FINALIZER] } });
        return await tell(range, 'True', '', 'Kubernetes Service CIDR is ready');
      }
      if (!mayGo(range)) return await tell(range, 'False', 'Terminating', STILL_USED);
      const gone = Date.parse(deletionTimestamp) + GRACE_MS;
      if (gone > context.clock.now()) return queue.addAt(name, gone);
      if (finalizers.includes(FINALIZER))
        await hands.patch(RANGES, range, 'strategic', {
          metadata: { '$deleteFromPrimitiveList/finalizers': [FINALIZER] },
        });
    },
  });
};

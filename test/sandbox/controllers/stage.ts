import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/objects/json.ts';
import { BUILT_IN_CONTROLLERS, NODE_CONTROLLERS } from '../../../src/sandbox/controllers/built-in.ts';
import type { ControllerMaker } from '../../../src/sandbox/controllers/controller.ts';
import { resource } from '../../../src/sandbox/controllers/hands.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';

const AS = { user: { name: 'someone', groups: ['system:masters'] }, manager: 'someone' };

/** A sandbox with a standing clock, and short words for what tests do with it. */
export class Stage implements AsyncDisposable {
  readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  get now(): number {
    return this.sandbox.clock.now();
  }

  async create(kind: string, object: object, namespace: string | undefined = 'default'): Promise<KubeObject> {
    const where = namespace === '' ? {} : { namespace };
    const answer = await this.sandbox.api.create({ resource: resource(kind), ...where }, object as never, AS);
    assert.equal(answer.kind, 'accepted', answer.kind === 'rejected' ? answer.message : '');
    return (answer as { readonly object: KubeObject }).object;
  }

  async merge(kind: string, name: string, body: object, subresource?: string): Promise<void> {
    const as = subresource === undefined ? AS : { ...AS, subresource };
    const at = { resource: resource(kind), namespace: 'default', name };
    const answer = await this.sandbox.api.patch(at, { kind: 'merge', body: body as never }, as);
    assert.equal(answer.kind, 'accepted', answer.kind === 'rejected' ? answer.message : '');
  }

  async remove(kind: string, name: string, namespace: string | undefined = 'default'): Promise<void> {
    const where = namespace === '' ? {} : { namespace };
    const answer = await this.sandbox.api.delete(
      { resource: resource(kind), name, ...where },
      { ...AS, propagation: 'Background' },
    );
    assert.equal(answer.kind, 'accepted');
  }

  list<T = KubeObject>(kind: string, namespace: string | undefined = 'default'): readonly T[] {
    return [...this.sandbox.api.list(resource(kind), namespace === '' ? undefined : namespace)] as unknown as T[];
  }

  get<T = KubeObject>(kind: string, name: string, namespace: string | undefined = 'default'): T | undefined {
    return this.sandbox.api.get(resource(kind), namespace === '' ? undefined : namespace, name) as T | undefined;
  }

  settle(): Promise<void> {
    return this.sandbox.settle();
  }

  async pass(seconds: number): Promise<void> {
    await this.sandbox.advance(seconds * 1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox.close();
  }
}

/** With nodes on which Pods become ready, unless told otherwise. */
export async function openStage({ nodes = true }: { readonly nodes?: boolean } = {}): Promise<Stage> {
  const controllers: readonly ControllerMaker[] = [...BUILT_IN_CONTROLLERS, ...(nodes ? NODE_CONTROLLERS : [])];
  return new Stage(await startSandbox({ controllers, seed: 7, clock: { start: Date.UTC(2026, 0, 1, 12) } }));
}

export const podTemplate = (labels: object, more: object = {}): object => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'example.org/a:1' }], ...more },
});
export const deployment = (name: string, replicas: number, more: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: podTemplate({ app: name }), ...more },
});

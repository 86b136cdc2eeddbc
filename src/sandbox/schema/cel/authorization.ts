import type { Environment } from '@marcbachmann/cel-js';

/** A question of an expression to the authorizer; `user` is another one than who asks when it is there. */
export interface CelQuestion {
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Namespace and name of a service account. */
  readonly account?: readonly [namespace: string, name: string];
}
export interface CelVerdict {
  readonly allowed: boolean;
  readonly reason: string;
}
type Ask = (question: CelQuestion) => CelVerdict;

/** `authorizer` in an expression. */
export class CelAuthorizer {
  readonly ask: Ask;
  readonly requestResource: CelResourceCheck | undefined;

  constructor(ask: Ask, requestResource?: CelResourceCheck) {
    this.ask = ask;
    this.requestResource = requestResource;
  }
}
class CelPathCheck {
  readonly ask: Ask;
  readonly path: string;
  constructor(ask: Ask, path: string) {
    this.ask = ask;
    this.path = path;
  }
}
class CelGroupCheck {
  readonly ask: Ask;
  readonly group: string;
  constructor(ask: Ask, group: string) {
    this.ask = ask;
    this.group = group;
  }
}
export class CelResourceCheck {
  readonly ask: Ask;
  readonly of: Omit<CelQuestion, 'verb'>;
  constructor(ask: Ask, of: Omit<CelQuestion, 'verb'>) {
    this.ask = ask;
    this.of = of;
  }
  with(more: Partial<CelQuestion>): CelResourceCheck {
    return new CelResourceCheck(this.ask, { ...this.of, ...more });
  }
}
class CelDecision {
  readonly verdict: CelVerdict;
  constructor(verdict: CelVerdict) {
    this.verdict = verdict;
  }
}

const NAME = 'kubernetes.authorization';

/** The authorizer's types and functions, as the Kubernetes library for CEL has them. */
export function addAuthorization(env: Environment): Environment {
  const type = (name: string, ctor: unknown, fields: object = {}): void => {
    env.registerType(`${NAME}.${name}`, { ctor, fields } as never);
  };
  type('Decision', CelDecision);
  type('PathCheck', CelPathCheck);
  type('ResourceCheck', CelResourceCheck);
  type('GroupCheck', CelGroupCheck);
  type('Authorizer', CelAuthorizer, { requestResource: `${NAME}.ResourceCheck` });
  const [decision, check] = [`${NAME}.Decision`, `${NAME}.ResourceCheck`];
  env
    .registerFunction(`${NAME}.Authorizer.path(string): ${NAME}.PathCheck`, (a: CelAuthorizer, path: string) => {
      return new CelPathCheck(a.ask, path);
    })
    .registerFunction(`${NAME}.Authorizer.group(string): ${NAME}.GroupCheck`, (a: CelAuthorizer, group: string) => {
      return new CelGroupCheck(a.ask, group);
    })
    .registerFunction(
      `${NAME}.Authorizer.serviceAccount(string, string): ${NAME}.Authorizer`,
      (a: CelAuthorizer, namespace: string, name: string) =>
        new CelAuthorizer((question) => a.ask({ ...question, account: [namespace, name] })),
    )
    .registerFunction(`${NAME}.GroupCheck.resource(string): ${check}`, (a: CelGroupCheck, resource: string) => {
      return new CelResourceCheck(a.ask, { group: a.group, resource });
    })
    .registerFunction(`${check}.subresource(string): ${check}`, (a: CelResourceCheck, subresource: string) =>
      a.with({ subresource }),
    )
    .registerFunction(`${check}.namespace(string): ${check}`, (a: CelResourceCheck, namespace: string) =>
      a.with({ namespace }),
    )
    .registerFunction(`${check}.name(string): ${check}`, (a: CelResourceCheck, name: string) => a.with({ name }))
    .registerFunction(`${check}.check(string): ${decision}`, (a: CelResourceCheck, verb: string) => {
      return new CelDecision(a.ask({ ...a.of, verb }));
    })
    .registerFunction(`${NAME}.PathCheck.check(string): ${decision}`, (a: CelPathCheck, verb: string) => {
      return new CelDecision(a.ask({ path: a.path, verb }));
    })
    .registerFunction(`${decision}.allowed(): bool`, (a: CelDecision) => a.verdict.allowed)
    .registerFunction(`${decision}.reason(): string`, (a: CelDecision) => a.verdict.reason)
    .registerFunction(`${decision}.errored(): bool`, () => false)
    .registerFunction(`${decision}.error(): string`, () => '');
  return env;
}

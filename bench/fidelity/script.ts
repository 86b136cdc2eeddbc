import * as v from 'valibot';
import type { Json } from '../../src/objects/json.ts';

/**
 * One script of requests, as docs/fidelity.md explains it: played at the real control plane and at the sandbox, it must come to the
 * same answers and the same state. Texts may hold `${name}`: `id`, `ns`, `user.NAME`, and what earlier steps saved.
 */
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(json), v.record(v.string(), json)]),
);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const path = v.pipe(v.string(), v.regex(/^\//, 'a path begins with /'));
const pointer = v.pipe(v.string(), v.regex(/^(\/.*)?$/, 'a JSON pointer begins with / or is empty'));
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-zA-Z0-9]*$/, 'a name is of letters and digits and begins with a small letter'),
);
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(120));
const texts = v.record(v.string(), v.string());

const Rule = v.strictObject({
  apiGroups: v.optional(v.array(v.string())),
  resources: v.optional(v.array(v.string())),
  resourceNames: v.optional(v.array(v.string())),
  nonResourceURLs: v.optional(v.array(v.string())),
  verbs: v.array(v.string()),
});
const ScriptUser = v.strictObject({
  groups: v.optional(v.array(v.string())),
  /** Granted in the namespace of the script. */
  rules: v.optional(v.array(Rule)),
  /** Granted in the whole cluster. */
  clusterRules: v.optional(v.array(Rule)),
});

const said = { note: v.optional(v.string()) };
const Request = v.strictObject({
  ...said,
  request: v.pipe(
    v.string(),
    v.regex(new RegExp(`^(${METHODS.join('|')}) /\\S*$`), 'a request is "METHOD /path?query"'),
  ),
  query: v.optional(texts),
  headers: v.optional(texts),
  as: v.optional(name),
  /** Content-Type; default application/json, of a PATCH application/merge-patch+json. */
  type: v.optional(v.string()),
  body: v.optional(json),
  /** The body as it is, such as YAML or something malformed. */
  text: v.optional(v.string()),
  save: v.optional(v.record(name, pointer)),
  ignore: v.optional(v.array(pointer)),
  /** Lists in the answer may come in another order. */
  unordered: v.optional(v.boolean()),
});
const Wait = v.strictObject({
  ...said,
  wait: path,
  as: v.optional(name),
  /** Values by pointer; null: nothing is there. */
  until: v.optional(v.record(pointer, json)),
  status: v.optional(v.number()),
  seconds: v.optional(seconds),
  save: v.optional(v.record(name, pointer)),
});
const Watch = v.strictObject({ ...said, watch: path, name, headers: v.optional(texts), as: v.optional(name) });
const Events = v.strictObject({
  ...said,
  events: name,
  /** How many to read; fewer when `seconds` (5) pass or the stream ends. */
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  seconds: v.optional(seconds),
  save: v.optional(v.record(name, pointer)),
  ignore: v.optional(v.array(pointer)),
  unordered: v.optional(v.boolean()),
});
const Settle = v.strictObject({ ...said, settle: seconds });

const ScriptFile = v.strictObject({
  topic: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/, 'a topic is of small letters, digits and dashes')),
  title: v.pipe(v.string(), v.nonEmpty()),
  /** Needs a server that no other script has touched. */
  alone: v.optional(v.boolean()),
  users: v.optional(v.record(name, ScriptUser)),
  ignore: v.optional(v.array(pointer)),
  steps: v.pipe(v.array(v.looseObject({})), v.minLength(1, 'a script has at least one step')),
  /** Paths of lists that are read at the end. */
  state: v.optional(v.array(path)),
});

export type RequestStep = v.InferOutput<typeof Request>;
export type WaitStep = v.InferOutput<typeof Wait>;
export type WatchStep = v.InferOutput<typeof Watch>;
export type EventsStep = v.InferOutput<typeof Events>;
export type SettleStep = v.InferOutput<typeof Settle>;
export type Step = RequestStep | WaitStep | WatchStep | EventsStep | SettleStep;
export type Grant = v.InferOutput<typeof ScriptUser>;
export interface Script extends Omit<v.InferOutput<typeof ScriptFile>, 'steps'> {
  /** `topic/file`, as differences name it. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A file that is no script: says which file, which step, which field. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/** The script in a parsed file. `where` is the file as errors name it, `called` the name of the script. */
export function scriptOf(content: unknown, where: string, called: string): Script {
  const file = checked(ScriptFile, content, where);
  const steps = file.steps.map((step, at) => stepOf(step, `${where}: step ${at + 1}`, file.users ?? {}));
  const opened = new Set<string>();
  for (const [at, step] of steps.entries()) {
    if ('watch' in step) opened.add(step.name);
    if ('events' in step && !opened.has(step.events))
      throw new ScriptError(`${where}: step ${at + 1}: no watch before it is called "${step.events}"`);
  }
  return { ...file, name: called, steps };
}

const KINDS = { request: Request, wait: Wait, watch: Watch, events: Events, settle: Settle } as const;

function stepOf(step: object, where: string, users: Readonly<Record<string, Grant>>): Step {
  const found = Object.entries(KINDS).filter(([kind]) => Object.hasOwn(step, kind));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new ScriptError(`${where}: a step has exactly one of ${Object.keys(KINDS).join(', ')}`);
  const made: Step = checked<Step>(only[1] as v.GenericSchema<unknown, Step>, step, where);
  if ('as' in made && made.as !== undefined && made.as !== 'nobody' && !Object.hasOwn(users, made.as))
    throw new ScriptError(`${where}: as: the script has no user "${made.as}"`);
  if ('request' in made && made.body !== undefined && made.text !== undefined)
    throw new ScriptError(`${where}: either body or text`);
  if ('wait' in made && made.until === undefined && made.status === undefined)
    throw new ScriptError(`${where}: a wait needs until or status`);
  return made;
}

function checked<Output>(schema: v.GenericSchema<unknown, Output>, content: unknown, where: string): Output {
  const result = v.safeParse(schema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = v.getDotPath(issue);
  throw new ScriptError(`${where}: ${at === null ? '' : `${at}: `}${issue.message}`);
}

import { isJsonObject, type MutableJsonObject } from '../../objects/json.ts';
import { convertAutoscaler } from './autoscaler-versions.ts';

/** What changes between two versions of a built-in kind besides its apiVersion; in place. */
export type Converter = (object: MutableJsonObject, to: string) => void;

const inside = (holder: MutableJsonObject, name: string): MutableJsonObject => {
  const value = holder[name];
  if (isJsonObject(value)) return value as MutableJsonObject;
  const made: MutableJsonObject = {};
  holder[name] = made;
  return made;
};

/** Names of core/v1 and what events.k8s.io/v1 calls the same. */
const EVENT_NAMES: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function event(object: MutableJsonObject, to: string): void {
  const core = to === 'v1';
  for (const [old, modern] of EVENT_NAMES) {
    const [from, into] = core ? [modern, old] : [old, modern];
    if (object[from] === undefined) continue;
    if (core || object[from] !== '') object[into] = object[from];
    delete object[from];
  }
  if (!core) {
    if (object.reportingInstance === '') delete object.reportingInstance;
    return;
  }
  object.source ??= {};
  object.reportingComponent ??= '';
  object.reportingInstance ??= '';
}

/** By resource; `to` is the version, for Events the whole apiVersion. */
export const CONVERTERS: ReadonlyMap<string, Converter> = new Map([
  ['horizontalpodautoscalers.autoscaling', convertAutoscaler],
  ['events', event],
  ['events.events.k8s.io', event],
]);

/** Defaults that a version of its own gives which is not the one of the store, by resource and version. */
export const DEFAULTS_ELSEWHERE: ReadonlyMap<string, (object: MutableJsonObject) => void> = new Map([
  [
    'horizontalpodautoscalers.autoscaling/v1',
    (object: MutableJsonObject) => {
      inside(object, 'spec').minReplicas ??= 1;
    },
  ],
]);

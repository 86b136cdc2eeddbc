import type { KubeObject } from '../../../objects/json.ts';
import { type Body, child, entries, items, text, texts } from '../values.ts';

/** `5s`, `3m20s`, `4h`, `2d5h`: how long, as the server shows it. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  if (hours < 24 * 365 * 8 && days % 365 !== 0) return `${years}y${days % 365}d`;
  return `${years}y`;
}
/** Time since then; `<unknown>` when there is no such time. */
export function since(time: unknown, now: number): string {
  if (typeof time !== 'string' || time === '') return '<unknown>';
  return humanDuration(now - Date.parse(time));
}
export const age = (object: KubeObject, now: number): string => since(object.metadata.creationTimestamp, now);

/** `a=b,c=d`, or `<none>`. */
export function labelsText(labels: Body | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}
/** A LabelSelector in kubectl's words. */
export function selectorWords(selector: Body | undefined): string {
  if (selector === undefined) return '<none>';
  const parts: [string, string][] = entries(selector, 'matchLabels').map(([key, value]) => [
    key,
    `${key}=${String(value)}`,
  ]);
  for (const expression of items(selector, 'matchExpressions')) {
    const key = text(expression, 'key');
    const values = [...texts(expression, 'values')].sort().join(',');
    const words: Readonly<Record<string, string>> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    parts.push([key, words[text(expression, 'operator')] ?? '']);
  }
  if (parts.length === 0) return '<none>';
  return parts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, words]) => words)
    .join(',');
}
/** Names and images of containers, for wide output. */
export function containerCells(pod: Body | undefined): [string, string] {
  const containers = items(pod, 'containers');
  return [containers.map((it) => text(it, 'name')).join(','), containers.map((it) => text(it, 'image')).join(',')];
}
/** The first three and how many more. */
export function firstThree(list: readonly string[]): string {
  if (list.length === 0) return '<none>';
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}
const MODES: readonly [string, string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];
export function accessModes(modes: readonly string[]): string {
  return MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
/** Addresses of a load balancer. */
export function balancerText(holder: unknown): string {
  const balancer = child(child(holder, 'status'), 'loadBalancer');
  const addresses = items(balancer, 'ingress').map((it) => text(it, 'ip') || text(it, 'hostname'));
  return [...new Set(addresses.filter((it) => it !== ''))].sort().join(',');
}

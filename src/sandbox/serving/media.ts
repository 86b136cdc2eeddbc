import { type Refusal, refusal } from '../status/refusal.ts';

/** How a client wants its answer. */
export interface Shape {
  readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly type: 'json' | 'yaml';
  readonly pretty: boolean;
}

interface Accepted {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** The parts of an Accept header, best first. */
export function acceptedTypes(header: string | undefined): readonly Accepted[] {
  if (header === undefined || header.trim() === '') return [{ type: '*/*', parameters: new Map(), quality: 1 }];
  const parts = header.split(',').map((part) => {
    const [type = '', ...words] = part.split(';').map((word) => word.trim());
    const parameters = new Map(
      words.map((word) => {
        const equal = word.indexOf('=');
        return [word.slice(0, equal), word.slice(equal + 1)] as const;
      }),
    );
    return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
  });
  return parts.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}

const JSON_LIKE: ReadonlySet<string> = new Set(['application/json', '*/*', 'application/*']);
/** Of Tables and of metadata alone. */
const META_VERSIONS: ReadonlySet<string> = new Set(['v1', 'v1beta1']);
const SUPPORTED = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

/** The first form that we can give, or 406 (`many`: of a list or a watch). Protobuf is never given: whoever asks for it also takes JSON. */
export function shapeOf(header: string | undefined, pretty: boolean, custom = false, many = false): Shape {
  const accepted = acceptedTypes(header);
  const supported = SUPPORTED.slice(0, 3);
  // Of built-in kinds another part of the server looks at the types first, and knows no `application/*`.
  if (!custom && !accepted.some(({ type }) => type === '*/*' || SUPPORTED.includes(type)))
    throw notAcceptable(
      `406: Not Acceptable\n\nAvailable representations: ${(many ? SUPPORTED : supported).join(', ')}`,
      {},
    );
  for (const { type, parameters } of accepted) {
    const yaml = type === 'application/yaml';
    if (!yaml && !JSON_LIKE.has(type)) continue;
    const as = parameters.get('as');
    if (as === undefined && parameters.get('g') === undefined && parameters.get('v') === undefined)
      return { as: 'object', type: yaml ? 'yaml' : 'json', pretty };
    if (parameters.get('g') !== 'meta.k8s.io' || !META_VERSIONS.has(parameters.get('v') ?? '')) continue;
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { as, type: yaml ? 'yaml' : 'json', pretty };
  }
  throw notAcceptable(`only the following media types are accepted: ${supported.join(', ')}`);
}

export const notAcceptable = (message: string, details?: Record<string, never>): Refusal =>
  refusal({ code: 406, reason: 'NotAcceptable', message, ...(details === undefined ? {} : { details }) });

/** Whether the client takes this one type. */
export const takes = (header: string | undefined, wanted: string): boolean =>
  acceptedTypes(header).some(({ type }) => type === '*/*' || type === wanted);

/** Media type of a body without its parameters. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

import { refusal } from '../status/refusal.ts';

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
const SUPPORTED = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The first form that we can give, or 406. Protobuf is never given: whoever asks for it also takes JSON. */
export function shapeOf(header: string | undefined, pretty: boolean): Shape {
  for (const { type, parameters } of acceptedTypes(header)) {
    const yaml = type === 'application/yaml';
    if (!yaml && !JSON_LIKE.has(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return { as: 'object', type: yaml ? 'yaml' : 'json', pretty };
    if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') continue;
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { as, type: yaml ? 'yaml' : 'json', pretty };
  }
  throw refusal({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${SUPPORTED.join(', ')}`,
  });
}

/** Media type of a body without its parameters. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

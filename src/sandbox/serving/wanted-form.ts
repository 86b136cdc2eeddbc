import { dump } from 'js-yaml';
import { headerOf, JSON_TYPE, type SandboxAnswer, type SandboxRequest } from './exchange.ts';
import { acceptedTypes } from './media.ts';

const YAML_TYPE = 'application/yaml';
const JSON_OR_ANY: ReadonlySet<string> = new Set([JSON_TYPE, 'application/*', '*/*']);

const META = '"apiVersion":"meta.k8s.io/v1"';

/** Tables and metadata alone in the version that old clients ask for, which differs in its name only. */
function inWantedVersion(answer: SandboxAnswer, accept: string): SandboxAnswer {
  const first = acceptedTypes(accept)[0]?.parameters;
  if (!('body' in answer) || first?.get('v') !== 'v1beta1' || first.get('g') !== 'meta.k8s.io') return answer;
  return { ...answer, body: Buffer.from(answer.body.toString('utf8').replaceAll(META, `${META.slice(0, -1)}beta1"`)) };
}

/** The answer in YAML for a client that asks for it before it asks for JSON; streams stay what they are. */
export function inWantedForm(answer: SandboxAnswer, request: SandboxRequest): SandboxAnswer {
  const accept = headerOf(request, 'accept');
  if (accept?.includes('v1beta1') === true) return inWantedVersion(answer, accept);
  if (accept?.includes(YAML_TYPE) !== true || !('body' in answer)) return answer;
  if (answer.headers['content-type'] !== JSON_TYPE) return answer;
  const first = acceptedTypes(accept).find(({ type }) => type === YAML_TYPE || JSON_OR_ANY.has(type));
  if (first?.type !== YAML_TYPE) return answer;
  const text = dump(JSON.parse(answer.body.toString('utf8')), { sortKeys: true, seqNoIndent: true, lineWidth: -1 });
  return { ...answer, headers: { ...answer.headers, 'content-type': YAML_TYPE }, body: Buffer.from(text, 'utf8') };
}

import {
  boolYaml11Tag,
  CORE_SCHEMA,
  DEFAULT_SCALAR_STYLE_RULES,
  type DumpOptions,
  dump,
  load,
  SCALAR_STYLE,
  type ScalarLayout,
} from 'js-yaml';
import { headerOf, JSON_TYPE, type SandboxAnswer, type SandboxRequest } from './exchange.ts';
import { acceptedTypes } from './media.ts';

const YAML_TYPE = 'application/yaml';
const JSON_OR_ANY: ReadonlySet<string> = new Set([JSON_TYPE, 'application/*', '*/*']);

const META = '"apiVersion":"meta.k8s.io/v1"';

const { quoteInvalidPlain } = DEFAULT_SCALAR_STYLE_RULES;
const RULES = Object.values(DEFAULT_SCALAR_STYLE_RULES);
const TIME = /^\d{4}-\d\d-\d\d/;

/** A text that would be read as something else stands in double quotes; others that need any, in single ones. */
function doubleIfOtherwiseRead(layout: ScalarLayout): void {
  const { value } = layout.node;
  if (layout.style !== SCALAR_STYLE.PLAIN || (layout.allowedStylesMask & (1 << SCALAR_STYLE.PLAIN)) !== 0) return;
  if (value === '' || TIME.test(value) || isNoText(value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
}

function isNoText(value: string): boolean {
  try {
    return /^[\w+.~-]+$/.test(value) && typeof load(value, { schema: READ }) !== 'string';
  } catch {
    return false;
  }
}
const READ = CORE_SCHEMA.withTags(boolYaml11Tag);
const AS_GO: DumpOptions = {
  sortKeys: true,
  seqNoIndent: true,
  lineWidth: -1,
  scalarStyleRules: RULES.flatMap((rule) => (rule === quoteInvalidPlain ? [doubleIfOtherwiseRead, rule] : [rule])),
};

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
  const text = dump(JSON.parse(answer.body.toString('utf8')), AS_GO);
  return { ...answer, headers: { ...answer.headers, 'content-type': YAML_TYPE }, body: Buffer.from(text, 'utf8') };
}

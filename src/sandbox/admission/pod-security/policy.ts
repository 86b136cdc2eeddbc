import type { Problem } from '../../status/problem.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';
/** `minor` of the policy's version; undefined is the latest. */
export interface LevelVersion {
  readonly level: Level;
  readonly minor: number | undefined;
}
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const LABEL = 'pod-security.kubernetes.io/';
const STRICTNESS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const FREE: LevelVersion = { level: 'privileged', minor: undefined };

export const stricter = (a: Level, b: Level): boolean => STRICTNESS.indexOf(a) > STRICTNESS.indexOf(b);
export const policyText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`;
export const samePolicy = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.minor === b.minor;

/** What a Namespace's labels say; a policy comes out in any case, with the labels that say nothing valid. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): {
  policy: Policy;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const wrong = (key: string, value: string, detail: string): void => {
    problems.push({ kind: 'invalid', field: `metadata.labels[${LABEL}${key}]`, value, detail });
  };
  const mode = (name: 'enforce' | 'audit' | 'warn'): { is: LevelVersion; level: boolean; version: boolean } => {
    const level = labels?.[LABEL + name];
    const version = labels?.[`${LABEL}${name}-version`];
    let [is, valid] = [FREE.level, false];
    if (level !== undefined) {
      valid = STRICTNESS.includes(level as Level);
      if (valid) is = level as Level;
      else {
        // An unreadable enforce fails closed, the others open.
        is = name === 'enforce' ? 'restricted' : 'privileged';
        wrong(name, level, `must be one of ${STRICTNESS.join(', ')}`);
      }
    }
    let minor: number | undefined;
    if (version !== undefined && version !== 'latest') {
      const match = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(version);
      if (match === null) wrong(`${name}-version`, version, 'must be "latest" or "v1.x"');
      else minor = Number(match[1]);
    }
    return { is: { level: is, minor }, level: valid, version: version !== undefined };
  };
  const enforce = mode('enforce');
  const audit = mode('audit');
  const warn = mode('warn');
  const follows = labels?.[`${LABEL}warn`] === undefined && enforce.level && stricter(enforce.is.level, warn.is.level);
  const warned = follows
    ? { level: enforce.is.level, minor: warn.version ? warn.is.minor : enforce.is.minor }
    : warn.is;
  return { policy: { enforce: enforce.is, audit: audit.is, warn: warned }, problems };
}

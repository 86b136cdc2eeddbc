import { clusterFault } from '../codes.ts';

export function kubeconfigFault(place: string, complaint: string, cause?: unknown) {
  return clusterFault('KUBECONFIG-MALFORMED', `${shown(place)}: ${complaint}.`, {
    hint: 'Look at it with `kubectl config view`, or point KUBECONFIG or --kubeconfig to another file.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What may be shown of a text that a kubeconfig holds. */
export function shown(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f]/g, '?');
  return plain.length <= 100 ? plain : `${plain.slice(0, 100)}...`;
}

/**
 * One mapping of a kubeconfig, read field by field, so that nothing else of it is ever walked (aliases may make it endless).
 * The YAML was read without types: every scalar is the text that stands in the file.
 */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly place: string;

  constructor(value: unknown, place: string) {
    this.place = place;
    if (value === undefined || isNothing(value)) this.#value = {};
    else if (typeof value === 'object' && value !== null && !Array.isArray(value))
      this.#value = value as Readonly<Record<string, unknown>>;
    else throw kubeconfigFault(place, 'a mapping is expected here');
  }

  has(field: string): boolean {
    return this.#own(field) !== undefined;
  }

  text(field: string): string | undefined {
    const value = this.#own(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw kubeconfigFault(this.place, `${field} must be a text`);
    if (value.length > 1 << 20) throw kubeconfigFault(this.place, `${field} is longer than 1 MiB`);
    return value === '' ? undefined : value;
  }

  /** As YAML 1.1 has it, which is what kubectl reads: yes, on and y are true. */
  flag(field: string): boolean | undefined {
    const text = this.text(field);
    if (text === undefined) return undefined;
    if (/^(true|yes|on|y)$/i.test(text)) return true;
    if (/^(false|no|off|n)$/i.test(text)) return false;
    throw kubeconfigFault(this.place, `${field} must be true or false`);
  }

  texts(field: string): readonly string[] {
    return this.#list(field).map((value) => {
      if (typeof value !== 'string' || value.length > 1 << 20)
        throw kubeconfigFault(this.place, `${field} must hold texts`);
      return value;
    });
  }

  fields(field: string): Fields {
    return new Fields(this.#own(field), `${this.place}: ${field}`);
  }

  list(field: string): readonly Fields[] {
    return this.#list(field).map((value, index) => new Fields(value, `${this.place}: ${field}[${index}]`));
  }

  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  #list(field: string): readonly unknown[] {
    const value = this.#own(field);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw kubeconfigFault(this.place, `${field} must be a list`);
    if (value.length > 100_000) throw kubeconfigFault(this.place, `${field} has more than 100,000 entries`);
    return value;
  }

  #own(field: string): unknown {
    const value = Object.hasOwn(this.#value, field) ? this.#value[field] : undefined;
    return isNothing(value) ? undefined : value;
  }
}

function isNothing(value: unknown): boolean {
  return value === null || value === '' || value === 'null' || value === '~';
}

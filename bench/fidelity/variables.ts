import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../src/objects/json.ts';

/** A variable as a script writes it. */
export const variable = (name: string): string => `\${${name}}`;

/** What `${name}` stands for in one play of one script. */
export class Variables {
  readonly #values = new Map<string, Json>();
  readonly id: string;

  constructor(id: string, users: readonly string[]) {
    this.id = id;
    this.set('id', id);
    this.set('ns', id);
    for (const user of users) this.set(`user.${user}`, userName(id, user));
  }

  set(name: string, value: Json): void {
    this.#values.set(name, value);
  }

  /** Every text in a value filled in. A text that is nothing but one variable becomes its value, a number for instance. */
  in(value: Json): Json {
    if (typeof value === 'string') {
      const whole = /^\$\{([\w.]+)\}$/.exec(value);
      return whole?.[1] === undefined ? this.text(value) : this.#value(whole[1]);
    }
    if (Array.isArray(value)) return value.map((item) => this.in(item));
    if (!isJsonObject(value)) return value;
    const filled: [string, Json][] = [];
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) filled.push([this.text(key), this.in(item)]);
    return Object.fromEntries(filled) as JsonObject;
  }

  text(value: string): string {
    return value.replace(/\$\{([\w.]+)\}/g, (_, name: string) => {
      const found = this.#value(name);
      return typeof found === 'string' ? found : JSON.stringify(found);
    });
  }

  /** What was not saved, because the answer was another one than the script expects, is a text that no server knows. */
  #value(name: string): Json {
    return this.#values.get(name) ?? `unsaved-${name.toLowerCase()}`;
  }
}

/** Short, the same for both servers, and another for each script: names and namespaces of scripts do not meet. */
export function idOf(script: string): string {
  const digest = createHash('sha256').update(script).digest();
  const letters = 'bcdfghjklmnpqrstvwxz';
  return `s${Array.from(digest.subarray(0, 6), (byte) => letters[byte % letters.length]).join('')}`;
}

export const userName = (id: string, user: string): string => `${id}-${user.toLowerCase()}`;

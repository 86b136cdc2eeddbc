import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { badRequest, type Refusal, refusal } from '../status/refusal.ts';
import { goText, goTypeName } from './go-text.ts';

export const DIRECTIVE = '$patch';
export const RETAIN = '$retainKeys';
export const DELETE_FROM = '$deleteFromPrimitiveList';
export const ORDER = '$setElementOrder';

/** A patch that cannot be carried out; the code is the one that the server answers. */
export class PatchProblem extends Error {
  readonly #code: 400 | 422 | 500;

  constructor(code: 400 | 422 | 500, message: string) {
    super(message);
    this.#code = code;
  }

  refusal(): Refusal {
    return this.#code === 400 ? badRequest(this.message) : refusal({ code: this.#code, message: this.message });
  }
}

export const badFormat = (of: string): PatchProblem => new PatchProblem(400, `invalid patch format of ${of}`);
export const noMergeKey = (item: MutableJsonObject, key: string): PatchProblem =>
  new PatchProblem(500, `map: ${goText(item)} does not contain declared merge key: ${key}`);
export const wrongType = (expected: string, actual: MutableJson | undefined): PatchProblem =>
  new PatchProblem(500, `expected a ${expected}, but received a ${goTypeName(actual)}`);

export const isMap = (value: MutableJson | undefined): value is MutableJsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether Go would hold both in the same type. */
export const sameKind = (a: MutableJson, b: MutableJson): boolean => goTypeName(a) === goTypeName(b);

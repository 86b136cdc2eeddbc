import { NAMESPACE_CASES } from './namespace-cases.ts';
import type { AdmissionCase } from './objects.ts';
import { SECURITY_CASES } from './security-cases.ts';

/** Everything that admission refuses or completes, in the order in which it is played. */
export const ADMISSION_CASES: readonly AdmissionCase[] = [...NAMESPACE_CASES, ...SECURITY_CASES];

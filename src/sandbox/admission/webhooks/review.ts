import { isJsonObject, type JsonObject, type MutableJsonObject } from '../../../objects/json.ts';
import { userInfo } from '../../access/reviews.ts';
import { Refusal } from '../../status/refusal.ts';
import type { Attempt } from '../plugin.ts';
import type { Hook, HookKind } from './hook.ts';

/** What a webhook is sent; `object` and `before` are of `version`. */
export interface ReviewOf {
  readonly attempt: Attempt;
  readonly version: string;
  readonly uid: string;
  readonly object: JsonObject | null;
  readonly before: JsonObject | null;
}

/** The AdmissionReview that is posted. `reviewVersion` is one that the webhook takes. */
export function admissionReview(reviewVersion: string, { attempt, version, uid, object, before }: ReviewOf): object {
  const { group, kind, plural, name, namespace, subresource = '' } = attempt;
  const sub = (field: string): JsonObject => (subresource === '' ? {} : { [field]: subresource });
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${reviewVersion}`,
    request: {
      uid,
      kind: { group, version, kind },
      resource: { group, version, resource: plural },
      ...sub('subResource'),
      requestKind: { group, version: attempt.version, kind },
      requestResource: { group, version: attempt.version, resource: plural },
      ...sub('requestSubResource'),
      ...(name === '' ? {} : { name }),
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
      operation: attempt.operation,
      userInfo: userInfo(attempt.user),
      object,
      oldObject: before,
      dryRun: attempt.dryRun,
      options: attempt.options,
    },
  };
}

/** What a webhook said, when it made sense. */
export interface Verdict {
  readonly allowed: boolean;
  /** JSON patch; mutating webhooks only. */
  readonly patch: string | undefined;
  readonly warnings: readonly string[];
  readonly result: JsonObject | undefined;
}

/** The answer is of a version that was not asked for: client-go fails to convert it. */
export class OtherVersion extends Error {}

/** Reads the answer; throws an Error with the server's words for what is wrong with it. */
export function verdictOf(text: string, kind: HookKind, uid: string, reviewVersion: string): Verdict {
  let review: unknown;
  try {
    review = JSON.parse(text);
  } catch {
    throw new Error("couldn't get version/kind; json parse error: invalid character in webhook response");
  }
  if (reviewVersion === 'v1' && isJsonObject(review) && review.apiVersion === 'admission.k8s.io/v1beta1')
    throw new OtherVersion('converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion');
  const response = isJsonObject(review) ? review.response : undefined;
  if (!isJsonObject(review) || !isJsonObject(response)) throw new Error('webhook response was absent');
  if (reviewVersion === 'v1') {
    if (response.uid !== uid)
      throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
    const [apiVersion, reviewKind] = [String(review.apiVersion ?? ''), String(review.kind ?? '')];
    const wanted = 'admission.k8s.io/v1, Kind=AdmissionReview';
    const got = `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${reviewKind}`;
    if (got !== wanted) throw new Error(`expected webhook response of ${wanted}, got ${got}`);
    checkPatch(response, kind);
  }
  const patch = typeof response.patch === 'string' && response.patch !== '' ? response.patch : undefined;
  return {
    allowed: response.allowed === true,
    patch: patch === undefined ? undefined : Buffer.from(patch, 'base64').toString('utf8'),
    warnings: Array.isArray(response.warnings) ? response.warnings.map(String) : [],
    result: isJsonObject(response.status) ? response.status : undefined,
  };
}

function checkPatch(response: JsonObject, kind: HookKind): void {
  const patched = typeof response.patch === 'string' && response.patch !== '';
  const typed = response.patchType !== undefined && response.patchType !== null;
  if (kind === 'validating') {
    if (patched) throw new Error('validating webhook may not return response.patch');
    if (typed) throw new Error('validating webhook may not return response.patchType');
    return;
  }
  if (patched && !typed) throw new Error('webhook returned response.patch but not response.patchType');
  if (!patched && typed) throw new Error('webhook returned response.patchType but not response.patch');
  if (response.patchType === '') throw new Error('webhook returned invalid response.patchType of ""');
}

/** The refusal of a webhook that said no: its own code and reason, never a code below 400. */
export function denied(hook: Hook, result: JsonObject | undefined): Refusal {
  const by = `admission webhook ${JSON.stringify(hook.name)} denied the request`;
  const [message, reason] = [String(result?.message ?? ''), String(result?.reason ?? '')];
  const code = typeof result?.code === 'number' && result.code >= 400 ? result.code : 400;
  const details = isJsonObject(result?.details) ? (result.details as MutableJsonObject) : undefined;
  return new Refusal({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: isJsonObject(result?.metadata) ? result.metadata : {},
    status: 'Failure',
    message: message !== '' ? `${by}: ${message}` : reason !== '' ? `${by}: ${reason}` : `${by} without explanation`,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details: details as NonNullable<Refusal['status']['details']> }),
    code,
  });
}

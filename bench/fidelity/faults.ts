/** One fault: a text of one source file of the sandbox that is replaced by another while the file is loaded. */
export interface Fault {
  readonly name: string;
  /** Below src/sandbox. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Where it is looked for first; it may be noticed anywhere. */
  readonly topics: readonly string[];
}

/** What a sandbox could do wrong. Each must turn the suite red: no script passes over it. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'a stale resourceVersion is no conflict',
    file: 'api/update.ts',
    find: 'if (asked !== before.metadata.resourceVersion) throw conflict(subjectOf(call), call.name, MODIFIED);',
    replace: '',
    topics: ['create-update-patch'],
  },
  {
    name: 'writes that change nothing make a new version',
    file: 'api/update.ts',
    find: 'const unchanged = !dies && sameJson(stored as JsonObject, current.object as unknown as Json);',
    replace: 'const unchanged = false as boolean;',
    topics: ['create-update-patch'],
  },
  {
    name: 'a PUT with another UID is accepted',
    file: 'api/update.ts',
    find: 'if (how.uid !== undefined && how.uid !== found)',
    replace: 'if ((false as boolean) && how.uid !== undefined)',
    topics: ['create-update-patch'],
  },
  {
    name: 'an update is stored although it is a dry run',
    file: 'api/update.ts',
    find: 'if (unchanged || call.dryRun)',
    replace: 'if (unchanged)',
    topics: ['dry-run'],
  },
  {
    name: 'the status of a custom resource is kept on create',
    file: 'schema/structural/kind.ts',
    find: 'if (this.hasStatus(version)) delete object.status;',
    replace: '',
    topics: ['status'],
  },
  {
    name: 'a create is stored although it is a dry run',
    file: 'api/create.ts',
    find: 'if (call.dryRun) return',
    replace: 'if (call.dryRun && (false as boolean)) return',
    topics: ['dry-run'],
  },
  {
    name: 'all objects have one UID',
    file: 'api/create.ts',
    find: 'meta.uid = parts.newUid();',
    replace: "meta.uid = '00000000-0000-4000-8000-000000000000';",
    topics: ['finalizers-gc'],
  },
  {
    name: 'finalizers hold nothing',
    file: 'api/delete.ts',
    find: 'const held = Array.isArray(meta.finalizers) || heldBySpec(next);',
    replace: 'const held = heldBySpec(next);',
    topics: ['finalizers-gc'],
  },
  {
    name: 'preconditions of a deletion are ignored',
    file: 'api/delete.ts',
    find: '    checkPreconditions(call, current.object, options);',
    replace: '',
    topics: ['create-update-patch'],
  },
  {
    name: 'a deletion that is held does not count the generation up',
    file: 'api/delete.ts',
    find: 'meta.generation = generation + 1;',
    replace: 'meta.generation = generation;',
    topics: ['crds', 'finalizers-gc'],
  },
  {
    name: 'a change of the spec does not count the generation up',
    file: 'kinds/generation.ts',
    find: 'if (changed) meta.generation = generation + 1;',
    replace: 'if (changed) meta.generation = generation;',
    topics: ['status'],
  },
  {
    name: 'limit is ignored',
    file: 'api/read.ts',
    find: 'return limit ?? 0;',
    replace: 'return limit === undefined ? 0 : 0;',
    topics: ['lists-and-paging'],
  },
  {
    name: 'later pages show the present',
    file: 'api/read.ts',
    find: 'return { from: start, revision: continuation.revision };',
    replace: 'return { from: start, revision: store.revision };',
    topics: ['lists-and-paging'],
  },
  {
    name: 'lists come in reverse',
    file: 'api/read.ts',
    find: 'if (!more) return { versions, revision,',
    replace: 'if (!more) return { versions: versions.reverse(), revision,',
    topics: ['lists-and-paging'],
  },
  {
    name: 'initial events end without a bookmark',
    file: 'serving/watch.ts',
    find: 'if (sendInitialEvents === true && request.bookmarks)',
    replace: 'if (sendInitialEvents === true && request.bookmarks && (false as boolean))',
    topics: ['watch'],
  },
  {
    name: 'an object that comes into a selector is told as modified',
    file: 'serving/watch-events.ts',
    find: "was ? 'MODIFIED' : 'ADDED'",
    replace: "was ? 'MODIFIED' : 'MODIFIED'",
    topics: ['watch'],
  },
  {
    name: 'AlreadyExists has another reason',
    file: 'status/refusal.ts',
    find: "reason: 'AlreadyExists',",
    replace: "reason: 'Conflict',",
    topics: ['create-update-patch'],
  },
  {
    name: 'objects are made in a Namespace that is going',
    file: 'admission/namespace-lifecycle.ts',
    find: "!== 'Terminating') return;",
    replace: "!== 'Terminated') return;",
    topics: ['namespaces'],
  },
  {
    name: 'the collector does not look at UIDs',
    file: 'controllers/garbage-collector.ts',
    find: "if (owner?.metadata.uid !== reference.uid) return 'dangling';",
    replace: "if (owner === undefined) return 'dangling';",
    topics: ['finalizers-gc'],
  },
  {
    name: 'everybody may do everything',
    file: 'access/authorizer.ts',
    find: 'if (!allowed) throw accessDenied(deed, reason);',
    replace: 'void allowed;',
    topics: ['rbac'],
  },
  {
    name: 'roles may grant more than their author has',
    file: 'admission/chain.ts',
    find: '...(deps.rbac === undefined ? [] : [roleEscalation(deps.rbac)]),',
    replace: '',
    topics: ['rbac'],
  },
  {
    name: 'a cluster IP is given twice',
    file: 'kinds/services/allocate.ts',
    find: ': used.has(wanted)',
    replace: ": used.has('never')",
    topics: ['services'],
  },
  {
    name: 'unknown fields of custom resources are kept',
    file: 'schema/structural/prune.ts',
    find: '  if (node === undefined) {\n    for (const name of Object.keys(object)) {',
    replace:
      '  if (node !== undefined) return;\n  if (node === undefined) {\n    for (const name of Object.keys(object)) {',
    topics: ['crds'],
  },
  {
    name: 'conversion without a webhook changes nothing',
    file: 'api/conversion.ts',
    find: 'if (custom.convertsWithoutWebhook(from, version)) return custom.convertSync(object, version);',
    replace: 'if (custom.convertsWithoutWebhook(from, version)) return object;',
    topics: ['conversion'],
  },
  {
    name: 'apply knows no conflicts',
    file: 'fields/apply-configuration.ts',
    find: 'if (conflicts.length > 0) throw conflictRefusal(conflicts, owners);',
    replace: '',
    topics: ['server-side-apply'],
  },
  {
    name: 'containers get no pull policy',
    file: 'kinds/pods/pod-spec-defaults.ts',
    find: "fillEmpty(container, 'imagePullPolicy', latest ? 'Always' : 'IfNotPresent');",
    replace: '',
    topics: ['create-update-patch'],
  },
  {
    name: 'immutable ConfigMaps change',
    file: 'kinds/core/payload.ts',
    find: "if (!flag(before, 'immutable')) return [];",
    replace: 'if (next !== before) return [];',
    topics: ['create-update-patch'],
  },
  {
    name: 'quotas count nothing',
    file: 'admission/chain.ts',
    find: 'resourceQuota(quotaWriter(deps)),',
    replace: '',
    topics: ['admission'],
  },
];

/** Codes of reasons in a plan that belong to no rule of `knowledge/`, and what they mean. A test finds one that is missing here. */
export const PLAN_REASONS: Readonly<Record<string, string>> = {
  'ALREADY-THERE': 'The object lives in the target and agrees with the captured one: it is adopted.',
  BARRIER: 'A name for the end of many steps; it writes nothing.',
  CLOSURE: 'The release of a system waits for everything that it manages.',
  HOLD: 'An operator that runs in the target must not act before everything that it manages is back.',
  RELEASE: 'The operator acts again.',
  CONFLICT: 'An object of that key lives in the target and is another one: the plan is refused.',
  'CONSUMER-OF-OMITTED': 'The object uses another one that does not come back.',
  'DEFINITION-DIFFERS': 'The CustomResourceDefinition in the target is not the captured one.',
  'DEFINITION-FIRST': 'The kind is defined by a CustomResourceDefinition, which comes first.',
  'DEFINITION-WAS-BEING-DELETED':
    'The CustomResourceDefinition was under deletion when it was captured; what it defines goes with it.',
  'FIELD-WOULD-BE-DROPPED':
    "The target's definition knows no such field and would drop it in silence: the plan is refused.",
  'HELD-AT-ZERO': 'The operator comes back at 0 replicas until its release.',
  'KIND-NOT-SERVED': 'The target does not serve the kind, and the plan does not bring its definition.',
  'LIVES-AND-DIFFERS': 'The object lives in the target and differs where the target may differ: it is left as it is.',
  'NAMESPACE-FIRST': 'The object stands in a Namespace, which comes first.',
  'NAMESPACE-WAS-BEING-DELETED': 'The Namespace was under deletion when it was captured; what is in it goes with it.',
  'NOT-HELD': 'No workload of the system was found in the point or in the target, so nothing holds it.',
  'NOT-SELECTED': 'The selection does not speak of the object, and no selected one needs it.',
  'NOTHING-SELECTED': 'The selection matches nothing: the plan is refused.',
  'REFERENCE-NOT-SELECTED':
    'The object uses another one that was captured, was not asked for, and is not in the target.',
  'WEBHOOKS-NOT-SELECTED':
    'An operator comes back; its webhook configurations were not asked for and are not in the target.',
  'OWNER-ACROSS-NAMESPACES':
    'The owner reference leads into another Namespace, where the garbage collector finds no owner: it is dropped.',
  'OWNER-FIRST': "The owner reference needs the owner's new UID, so the owner comes first.",
  'OWNER-IN-NAMESPACE': 'An object of cluster scope names an owner in a Namespace: the reference is dropped.',
  'OWNER-MISNAMED':
    'The UID of the owner reference belongs to an object of another name or kind: the reference is dropped.',
  'OWNER-OF-UNKNOWN-KIND': 'The kind of the owner is served by nobody: the reference is dropped.',
  'OWNER-OMITTED': 'The owner does not come back as an object: the reference is dropped.',
  'OWNER-UNKNOWN': 'No captured object has the UID of the owner reference: the reference is dropped.',
  'SECOND-WRITE': 'Two objects own each other: the one reference is written after both are there.',
  'TARGET-KEPT': 'The target keeps its own value of a field.',
  'TERMINATING-IN-TARGET': 'The object is being deleted in the target; it and what hangs on it wait.',
  'UID-WITHOUT-RULE': 'The UID of another object stands in it at a place for which there is no rule.',
  'VALUE-RETURNS': 'A value that was held back returns.',
  'VERSION-NOT-SERVED': 'The object was captured in a version that the target does not serve.',
  'VOLUME-FIRST': 'A claim waits for the volume that it is bound to.',
  'VOLUME-LEFT-BEHIND':
    'The volume behind an omitted claim stays where it is; nothing of the recovered cluster manages it.',
  'VOLUME-OF-OMITTED-CLAIM': 'The claim of the volume does not come back as an object, so neither does the volume.',
  'VOLUME-STAYS-RETAINED':
    'The volume keeps the policy Retain, because nothing of the recovered cluster is bound to it.',
  'WAS-BEING-DELETED': 'The object was under deletion when it was captured.',
};

/** Codes of checks after a recovery. */
export const CHECK_REASONS: Readonly<Record<string, string>> = {
  PRESENT: 'Everything of the resource that was written is there.',
  'NOT-PRESENT': 'An object that was written is not there.',
  KEPT: 'Everything of the resource was still there after the settling time.',
  'NOT-KEPT': 'An object was deleted within the settling time.',
  'OWNERS-EXIST': 'Every owner reference leads to a living object.',
  'OWNER-MISSING': 'An owner reference names a UID that no object has.',
  READY: 'The object is ready by the rule of its system.',
  'NOT-READY': 'The object is not ready by the rule of its system.',
  'NEEDS-KUBELET': 'The object can become ready only with running Pods, and no node is ready.',
  'IDENTITY-EQUAL': 'The name of the thing outside is the captured one.',
  'IDENTITY-CHANGED': 'The name of the thing outside is another one.',
  'IDENTITY-UNREAD': 'The object could not be read.',
  'COUNT-EQUAL': 'There are as many objects of the resource as were captured.',
  SURPLUS: 'There are more: something was made twice.',
  'TOO-FEW': 'There are fewer.',
  'DATA-NOT-RUN': 'Nothing verified the data of a database.',
  'NOT-THERE-YET': 'In a dry run: what the object needs is made by the plan itself, so it could not be tried.',
  UNREADABLE: 'The target did not let it be read.',
};

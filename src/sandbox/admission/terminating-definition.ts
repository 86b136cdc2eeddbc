import { DEFINITIONS } from '../kinds/custom-resource-definitions.ts';
import { conditionIsTrue } from '../schema/structural/definition.ts';
import { forbidden } from '../status/refusal.ts';
import type { AdmissionPlugin } from './plugin.ts';

/** Nothing is made of a kind whose definition is going; what is there may still change, so that it can go. */
export const TERMINATING_DEFINITION: AdmissionPlugin = {
  name: 'TerminatingDefinition',
  mutate({ operation, group, plural, subresource, name, context }) {
    if (operation !== 'CREATE' || subresource !== undefined || !group.includes('.')) return;
    const definition = context.store.get(DEFINITIONS, undefined, `${plural}.${group}`);
    if (definition === undefined || !conditionIsTrue(definition, 'Terminating')) return;
    const said = 'create not allowed while custom resource definition is terminating';
    throw forbidden({ group, resource: plural }, name, said);
  },
};

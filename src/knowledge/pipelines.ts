import { type Rule, resources, system } from './language.ts';

const runs: Rule = {
  kind: 'omit',
  on: resources('workflows.argoproj.io', 'pipelineruns.tekton.dev', 'taskruns.tekton.dev', 'customruns.tekton.dev'),
  origin: 'nowhere',
  code: 'CREATION-IS-A-COMMAND',
  why: 'creating it runs it (again)',
};

/** Argo Workflows and Tekton: a run is an act; what starts runs by the clock waits. */
export const pipelines = system({
  id: 'pipelines',
  title: 'Argo Workflows and Tekton',
  tried: [],
  facts: ['KNOWLEDGE'],
  members: [],
  rules: [
    runs,
    {
      kind: 'later',
      on: resources('cronworkflows.argoproj.io'),
      path: '/spec/suspend',
      value: true,
      until: 'released',
      code: 'SCHEDULE-HELD',
      why: 'nothing may be started by the clock before everything is back',
    },
  ],
});

import { type Pick, resources, system } from './language.ts';

const acts = [
  'restores',
  'deletebackuprequests',
  'downloadrequests',
  'serverstatusrequests',
  'podvolumerestores',
  'podvolumebackups',
  'datauploads',
  'datadownloads',
];
const unfinished: Pick = {
  ...resources('backups.velero.io'),
  where: {
    kind: 'not',
    of: {
      kind: 'matches',
      path: '/status/phase',
      pattern: '^(Completed|PartiallyFailed|Failed|FailedValidation|Deleting)$',
    },
  },
};

/** Velero: its requests are acts; finished Backups are records of what lies in the bucket. */
export const velero = system({
  id: 'velero',
  title: 'Velero',
  tried: ['1.18.1'],
  facts: ['velero 2', 'lab 4'],
  members: [{ groups: ['velero.io'] }],
  rules: [
    {
      kind: 'omit',
      on: resources(...acts.map((name) => `${name}.velero.io`)),
      origin: 'nowhere',
      code: 'CREATION-IS-A-COMMAND',
      why: 'creating it makes Velero restore, delete, copy or answer at once',
    },
    {
      kind: 'omit',
      on: unfinished,
      origin: 'nowhere',
      code: 'CREATION-IS-A-COMMAND',
      why: 'without a final phase Velero would take the backup',
    },
    {
      kind: 'later',
      on: resources('schedules.velero.io'),
      path: '/spec/paused',
      value: true,
      until: 'released',
      code: 'SCHEDULE-HELD',
      why: 'nothing may be started by the clock before everything is back',
    },
  ],
  control: { workloads: [{ resource: 'deployments.apps' as never, image: '(^|/)velero/velero[:@]' }], webhooks: [] },
});

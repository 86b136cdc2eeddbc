import { resources, system } from './language.ts';

const groups = ['pgv2.percona.com', 'pxc.percona.com', 'psmdb.percona.com', 'ps.percona.com'];
const commands = [
  'perconapgbackups.pgv2.percona.com',
  'perconapgrestores.pgv2.percona.com',
  'perconaxtradbclusterbackups.pxc.percona.com',
  'perconaxtradbclusterrestores.pxc.percona.com',
  'perconaservermongodbbackups.psmdb.percona.com',
  'perconaservermongodbrestores.psmdb.percona.com',
  'perconaservermysqlbackups.ps.percona.com',
  'perconaservermysqlrestores.ps.percona.com',
];

/** Percona's operators, as far as one fact goes: a backup and a restore are acts (a PerconaPGRestore restores in place). */
export const percona = system({
  id: 'percona',
  title: 'Percona operators',
  tried: [],
  facts: ['KNOWLEDGE', 'postgres 5'],
  members: [{ groups }],
  rules: [
    {
      kind: 'omit',
      on: resources(...commands),
      origin: 'nowhere',
      code: 'CREATION-IS-A-COMMAND',
      why: 'creating it backs up, or restores in place over what is there',
    },
  ],
});

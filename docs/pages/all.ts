import { program } from '../../src/cli/program.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';
import { SYSTEMS } from '../../src/knowledge/systems.ts';
import { codesPage } from './codes.ts';
import { commandPage } from './commands.ts';
import { knowledgePage } from './knowledge.ts';

/** Every generated page by its path below docs/. */
export function allPages(): ReadonlyMap<string, string> {
  const root = program({ ...processSurroundings(['node', 'seaworthy']), program: 'seaworthy' });
  const commands = root.commands.filter((command) => !command.name().startsWith('__') && command.name() !== 'help');
  return new Map([
    ...commands.map((command) => [`commands/${command.name()}.md`, commandPage(command)] as const),
    ...SYSTEMS.map((system) => [`knowledge/${system.id}.md`, knowledgePage(system)] as const),
    ['codes.md', codesPage()] as const,
  ]);
}

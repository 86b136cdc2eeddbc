// npm run demo: a production cluster is lost and brought back; all figures are read from the servers.
process.stdout.write('Seaworthy: a cluster dies and comes back, twice: by the usual way, and by this one.\n');
const words = process.argv.slice(2);
if (words[0] === '--real') {
  const { realDemo } = await import('./real/demo.ts');
  process.exitCode = await realDemo(words.slice(1));
} else if (words.length > 0) {
  process.stderr.write('npm run demo                                        on simulated clusters, offline\n');
  process.stderr.write('npm run demo -- --real [--data FILE.objects.jsonl]  on real control planes\n');
  process.exitCode = 2;
} else {
  process.stdout.write('Everything happens in this process, offline: three simulated clusters, a small cloud.\n');
  const [{ sandboxedDemo }, { ownStory }] = await Promise.all([import('./sandboxed.ts'), import('./story.ts')]);
  process.exitCode = await sandboxedDemo(ownStory());
}

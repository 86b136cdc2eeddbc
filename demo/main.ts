// npm run demo: a production cluster is captured, lost, and brought back on another control plane; all figures are read from the servers.
process.stdout.write(
  'Seaworthy: a cluster is captured, lost and brought back, on real Kubernetes API servers on this machine.\n',
);
const { demo } = await import('./demo.ts');
process.exitCode = await demo(process.argv.slice(2));

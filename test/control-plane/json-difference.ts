/** The paths at which two JSON values differ, with both values in short. */
export function jsonDifferences(file: unknown, server: unknown, path = ''): string[] {
  if (isRecord(file) && isRecord(server)) {
    const names = new Set([...Object.keys(file), ...Object.keys(server)]);
    return [...names].flatMap((name) => jsonDifferences(file[name], server[name], `${path}.${name}`));
  }
  if (Array.isArray(file) && Array.isArray(server) && file.length === server.length) {
    return file.flatMap((item, index) => jsonDifferences(item, server[index], `${path}[${index}]`));
  }
  return JSON.stringify(file) === JSON.stringify(server) ? [] : [`${path}: ${short(file)} became ${short(server)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

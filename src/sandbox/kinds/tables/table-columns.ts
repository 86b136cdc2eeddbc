import type { Json, KubeObject } from '../../../objects/json.ts';
import { compareText, type ResourceName } from '../../../objects/key.ts';
import { count } from '../values.ts';
import { COLUMN_LINES } from './columns-data.ts';
import { CORE_CELLS } from './core-cells.ts';
import { DEVICE_CELLS } from './device-cells.ts';
import { NETWORK_CELLS } from './network-cells.ts';
import { OTHER_CELLS } from './other-cells.ts';
import { podCells } from './pod-cells.ts';
import { type Cells, WORKLOAD_CELLS } from './workload-cells.ts';

/** One column of a Table, as the server describes it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}
export interface TableColumns {
  readonly definitions: readonly TableColumn[];
  cells(object: KubeObject, now: number): readonly Json[];
  /** Rows of a page stand in this order; default: that of their keys. */
  readonly order?: (a: KubeObject, b: KubeObject) => number;
}

const CELLS: Readonly<Record<string, Cells>> = {
  pods: podCells,
  ...CORE_CELLS,
  ...WORKLOAD_CELLS,
  ...NETWORK_CELLS,
  ...OTHER_CELLS,
  ...DEVICE_CELLS,
};
const precedence = (it: KubeObject): number => count(it.spec, 'matchingPrecedence');
const ORDERS: Readonly<Record<string, TableColumns['order']>> = {
  'flowschemas.flowcontrol.apiserver.k8s.io': (a, b) =>
    precedence(a) - precedence(b) || compareText(a.metadata.name ?? '', b.metadata.name ?? ''),
};
const lines = new Map(
  COLUMN_LINES.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
);
const known = new Map<string, TableColumns | undefined>();

/** How Tables show a built-in resource; undefined for those that show only name and creation time, and for custom ones. */
export function tableColumns(resource: ResourceName): TableColumns | undefined {
  if (known.has(resource)) return known.get(resource);
  const [cells, line] = [CELLS[resource], lines.get(resource)];
  const order = ORDERS[resource];
  const made =
    cells === undefined || line === undefined
      ? undefined
      : { definitions: JSON.parse(line) as TableColumn[], cells, ...(order === undefined ? {} : { order }) };
  known.set(resource, made);
  return made;
}

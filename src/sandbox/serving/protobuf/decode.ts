import type { MutableJson, MutableJsonObject } from '../../../objects/json.ts';
import { durationOf, eitherOf, itemsOf, microTimeOf, quantityOf, rawOf, schemaOr, timeOf } from './forms.ts';
import { type Message, schemaMessage, type WireType } from './messages.ts';
import { WireProblem, WireReader } from './wire.ts';

/** One message as JSON. Unknown fields are passed over, as the server does. */
export function decodeMessage(reader: WireReader, message: Message): MutableJsonObject {
  const object: MutableJsonObject = {};
  while (!reader.done) {
    const [number, wireType] = reader.tag();
    const field = message.get(number);
    if (field === undefined) {
      reader.skip(wireType);
      continue;
    }
    const { name, type } = field;
    if (type.kind === 'list') addTo(reader, wireType, name, type.of, object);
    else if (type.kind === 'map') putInto(reader, wireType, name, type.of, object);
    else {
      const value = one(reader, wireType, name, type);
      if (name === '') Object.assign(object, value);
      else object[name] = value;
    }
  }
  return object;
}

function addTo(reader: WireReader, wireType: number, name: string, of: WireType, object: MutableJsonObject): void {
  object[name] ??= [];
  const list = object[name] as MutableJson[];
  // Numbers may stand packed, several behind one length.
  if (wireType === 2 && (of.kind === 'int' || of.kind === 'bool')) {
    const packed = reader.part();
    while (!packed.done) list.push(one(packed, 0, name, of));
  } else list.push(one(reader, wireType, name, of));
}

function putInto(reader: WireReader, wireType: number, name: string, of: WireType, object: MutableJsonObject): void {
  object[name] ??= {};
  const map = object[name] as MutableJsonObject;
  const entry = partOf(reader, wireType, name);
  let key = '';
  let value: MutableJson | undefined;
  while (!entry.done) {
    const [number, type] = entry.tag();
    if (number === 1) key = partOf(entry, type, name).text();
    else if (number === 2) value = one(entry, type, name, of);
    else entry.skip(type);
  }
  map[key] = value ?? emptyOf(of);
}

const NOTHING = new WireReader(Buffer.alloc(0));

/** What an entry of a map holds that does not say it. */
function emptyOf(type: WireType): MutableJson {
  if (type.kind === 'int' || type.kind === 'double') return 0;
  if (type.kind === 'bool') return false;
  return contentOf(NOTHING, type);
}

function partOf(reader: WireReader, wireType: number, name: string): WireReader {
  if (wireType !== 2) throw wrongWireType(wireType, name);
  return reader.part();
}

/** Go names fields as its structs do. */
const goName = (name: string): string =>
  name === 'metadata' ? 'ObjectMeta' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
const wrongWireType = (wireType: number, name: string): WireProblem =>
  new WireProblem(`proto: wrong wireType = ${wireType} for field ${goName(name)}`);

function one(reader: WireReader, wireType: number, name: string, type: WireType): MutableJson {
  switch (type.kind) {
    case 'int':
    case 'bool': {
      if (wireType !== 0) throw wrongWireType(wireType, name);
      const value = reader.varint();
      return type.kind === 'bool' ? value !== 0 : value;
    }
    case 'double':
      if (wireType !== 1) throw wrongWireType(wireType, name);
      return reader.fixed64();
    default:
      return contentOf(partOf(reader, wireType, name), type);
  }
}

/** What stands behind a length. */
function contentOf(part: WireReader, type: WireType): MutableJson {
  switch (type.kind) {
    case 'message':
      return decodeMessage(part, type.message);
    case 'string':
      return part.text();
    case 'bytes':
      return part.rest().toString('base64');
    case 'time':
      return timeOf(part);
    case 'micro':
      return microTimeOf(part);
    case 'duration':
      return durationOf(part);
    case 'quantity':
      return quantityOf(part);
    case 'either':
      return eitherOf(part);
    case 'raw':
      return rawOf(part);
    case 'items':
      return itemsOf(part);
    case 'schemaOrBool':
    case 'schemaOrSchemas':
    case 'schemaOrNames':
      return schemaOr(part, type.kind, (inner) => decodeMessage(inner, schemaMessage()));
    default:
      throw new WireProblem(`proto: no ${type.kind} stands behind a length`);
  }
}

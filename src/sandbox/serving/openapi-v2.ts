import type { MutableJson, MutableJsonObject } from '../../objects/json.ts';
import { recordedOpenApiV2Protobuf } from '../recorded/recorded.ts';
import { parseYaml } from './go-yaml.ts';
import { WireReader } from './protobuf/wire.ts';

/**
 * Messages of the OpenAPI v2 description in protobuf (gnostic's openapiv2), as far as a Kubernetes API uses them: fields by
 * their numbers from 1. `name:type`, a `*` for a list; no type is a string; `b`, `i` and `d` are bool, integer and double, `y` a
 * value in YAML. `...:type` are members of the object itself, by name; `=:type` is the object itself.
 */
const NUMBERS =
  'maximum:d exclusiveMaximum:b minimum:d exclusiveMinimum:b maxLength:i minLength:i pattern maxItems:i minItems:i';
const PARAMETER = `collectionFormat default:y ${NUMBERS} uniqueItems:b enum:y* multipleOf:d ...:y`;
const MESSAGES: Readonly<Record<string, string>> = {
  Document:
    'swagger info:Info host basePath schemes* consumes* produces* paths:Paths definitions:Schemas parameters:Parameters responses:Parameters security:Requirement* securityDefinitions:Securities tags:Tag* externalDocs:Tag ...:y',
  Info: 'title version description termsOfService contact:Tag license:Tag ...:y',
  Tag: 'name description',
  Paths: '...:y ...:Path',
  Path: '$ref get:Operation put:Operation post:Operation delete:Operation options:Operation head:Operation patch:Operation parameters:ParameterItem* ...:y',
  Operation:
    'tags* summary description externalDocs:Tag operationId produces* consumes* parameters:ParameterItem* responses:Responses schemes* deprecated:b security:Requirement* ...:y',
  Parameters: '...:Parameter',
  ParameterItem: '=:Parameter =:Reference',
  Reference: '$ref description',
  Parameter: '=:Body =:NonBody',
  Body: 'description name in required:b schema:Schema ...:y',
  NonBody: '=:Header =:Query =:Query =:Header',
  Header: `required:b in description name type format items:Items ${PARAMETER}`,
  Query: `required:b in description name allowEmptyValue:b type format items:Items ${PARAMETER}`,
  Items: `type format items:Items ${PARAMETER}`,
  Responses: '...:ResponseItem ...:y',
  ResponseItem: '=:Response =:Reference',
  Response: 'description schema:SchemaItem headers:Schemas examples:Schemas ...:y',
  SchemaItem: '=:Schema',
  Schemas: '...:Schema',
  Schema: `$ref format title description default:y multipleOf:d ${NUMBERS} uniqueItems:b maxProperties:i minProperties:i required* enum:y* additionalProperties:Additional type:First items:FirstSchema allOf:Schema* properties:Schemas discriminator readOnly:b xml:Tag externalDocs:Tag example:y ...:y`,
  Additional: '=:Schema =:b',
  First: '=',
  FirstSchema: '=:Schema',
  Securities: '...:Security',
  Security: '=:Tag =:ApiKey',
  ApiKey: 'type name in description ...:y',
  Requirement: '...:Texts',
  Texts: 'value*',
};

interface Field {
  readonly name: string;
  readonly type: string;
  readonly many: boolean;
}
const fieldsOf = new Map<string, readonly Field[]>(
  Object.entries(MESSAGES).map(([name, text]) => [
    name,
    text.split(' ').map((word) => {
      const [field = '', type = 's'] = word.replace('*', '').split(':');
      return { name: field, type, many: word.endsWith('*') };
    }),
  ]),
);

function message(reader: WireReader, type: string): MutableJson {
  const fields = fieldsOf.get(type) ?? [];
  const out: MutableJsonObject = {};
  let whole: MutableJson | undefined;
  while (!reader.done) {
    const [number, wire] = reader.tag();
    const field = fields[number - 1];
    const value =
      field === undefined
        ? skip(reader, wire)
        : field.name === '...'
          ? named(reader.part(), field.type, out)
          : one(reader, field.type);
    if (field === undefined || field.name === '...') continue;
    if (field.name === '=') whole = value;
    else if (field.many) out[field.name] = [...((out[field.name] as MutableJson[] | undefined) ?? []), value];
    else out[field.name] = value;
  }
  return whole ?? (type === 'Texts' ? (out.value ?? []) : out);
}

function one(reader: WireReader, type: string): MutableJson {
  switch (type) {
    case 's': {
      const { bytes, at, end } = reader.part();
      return bytes.toString('utf8', at, end);
    }
    case 'b':
      return reader.varint() !== 0;
    case 'i':
      return reader.varint();
    case 'd':
      return reader.fixed64();
    case 'y':
      return yaml(reader.part());
    default:
      return message(reader.part(), type);
  }
}

/** A member by its name: put into the object that holds it. */
function named(reader: WireReader, type: string, into: MutableJsonObject): MutableJson {
  let name = '';
  let value: MutableJson = type === 'Texts' ? [] : {};
  while (!reader.done) {
    const [number] = reader.tag();
    if (number === 1) name = one(reader, 's') as string;
    else value = one(reader, type);
  }
  into[name] = value;
  return value;
}

function yaml(reader: WireReader): MutableJson {
  let value: MutableJson = null;
  while (!reader.done) {
    const [number, wire] = reader.tag();
    if (number === 2) value = parseYaml(one(reader, 's') as string) as MutableJson;
    else skip(reader, wire);
  }
  return value;
}

function skip(reader: WireReader, wire: number): null {
  if (wire === 0) reader.varint();
  else if (wire === 1) reader.fixed64();
  else reader.part();
  return null;
}

let known: Buffer | undefined;

/** `/openapi/v2` as JSON: what the recorded description says, without the kinds of definitions. */
export function openApiV2Json(): Buffer {
  known ??= Buffer.from(JSON.stringify(message(new WireReader(recordedOpenApiV2Protobuf()), 'Document')));
  return known;
}

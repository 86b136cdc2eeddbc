import type { MutableJsonObject } from '../../objects/json.ts';
import { versionOf } from '../../objects/key.ts';
import { badRequest } from '../status/refusal.ts';
import { decodeMessage } from './protobuf/decode.ts';
import { messageOf } from './protobuf/messages.ts';
import { WireProblem, WireReader } from './protobuf/wire.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** What every body begins with. */
const PREFIX = Buffer.from('k8s\0', 'latin1');

interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly content: WireReader;
}

/**
 * A protobuf body of a built-in kind (four bytes `k8s\0` and a runtime.Unknown around the message) as JSON. `expected` is the kind
 * that errors name; it and `expectedVersion` stand for what the body does not say. Throws a 400 in the words of the server.
 */
export function decodeProtobuf(bytes: Buffer, expected: string, expectedVersion = ''): MutableJsonObject {
  const { content, ...said } = opened(bytes, expected);
  const kind = said.kind === '' ? expected : said.kind;
  const apiVersion = said.apiVersion === '' ? expectedVersion : said.apiVersion;
  const message = messageOf(apiVersion, kind);
  try {
    if (message === undefined)
      throw new WireProblem(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`,
      );
    return { kind, apiVersion, ...decodeMessage(content, message) };
  } catch (error) {
    if (!(error instanceof WireProblem)) throw error;
    const version = JSON.stringify(versionOf(apiVersion));
    throw badRequest(`${kind} in version ${version} cannot be handled as a ${expected}: ${error.message}`);
  }
}

function opened(bytes: Buffer, expected: string): Envelope {
  try {
    if (bytes.length === 0) throw new WireProblem('empty data');
    if (!bytes.subarray(0, PREFIX.length).equals(PREFIX))
      throw new WireProblem(
        `provided data does not appear to be a protobuf message, expected prefix [${[...PREFIX].join(' ')}]`,
      );
    if (bytes.length === PREFIX.length) throw new WireProblem('empty body');
    return envelopeOf(new WireReader(bytes, PREFIX.length));
  } catch (error) {
    if (!(error instanceof WireProblem)) throw error;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected}): ${error.message} (${beginningOf(bytes)})`,
    );
  }
}

function envelopeOf(reader: WireReader): Envelope {
  let apiVersion = '';
  let kind = '';
  let content = new WireReader(Buffer.alloc(0));
  while (!reader.done) {
    const [number, type] = reader.tag();
    if (type !== 2 || number > 2) reader.skip(type);
    else if (number === 2) content = reader.part();
    else {
      const meta = reader.part();
      while (!meta.done) {
        const [inner, innerType] = meta.tag();
        if (innerType !== 2) meta.skip(innerType);
        else if (inner === 1) apiVersion = meta.part().text();
        else if (inner === 2) kind = meta.part().text();
        else meta.part();
      }
    }
  }
  return { apiVersion, kind, content };
}

const SHOWN = 30;

function beginningOf(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  if (bytes[0] === 0x7b)
    return bytes.length > SHOWN ? `${bytes.toString('utf8', 0, SHOWN)} ...` : bytes.toString('utf8');
  return bytes.length > SHOWN ? `${bytes.toString('hex', 0, SHOWN)} ...` : bytes.toString('hex');
}

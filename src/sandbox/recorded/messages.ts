import { archive } from './archive.ts';
import { MESSAGES_DATA } from './messages-data.ts';

/**
 * Protobuf messages of the pinned server's kinds. A field: its number, its name in JSON ('' for one whose fields stand among those
 * of the message that holds it), its type: the number of a message, `[]X`, `{}X` (a map from strings), `string`, `int`, `bool`,
 * `double`, `bytes`, or a form of its own (`time`, `quantity`, `either`: number or string, `raw`: JSON, `items`: a list with a name, ...).
 */
export interface RecordedMessages {
  readonly messages: readonly (readonly (readonly [number: number, name: string, type: string])[])[];
  /** Message by `v1/Pod`, `apps/v1/Deployment`. */
  readonly kinds: Readonly<Record<string, number>>;
  /** The message of JSONSchemaProps. */
  readonly schemas: number;
}

const messages = archive(MESSAGES_DATA);

export const recordedMessages = (): RecordedMessages =>
  JSON.parse((messages.bytes('messages') as Buffer).toString('utf8')) as RecordedMessages;

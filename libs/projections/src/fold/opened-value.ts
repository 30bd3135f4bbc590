import type { Sealed } from '@annal/domain';
import { UnfoldableEvent } from './unfoldable-event.js';

/** The value of a metadata, or what an event of a job says (JSON), as the tables take it. */
export interface OpenedValue {
  /** Empty where its key is gone. */
  readonly value: string;
  /** The data keys that it was sealed with; null: none. */
  readonly keyId: string | null;
  /** Whether its key is gone. */
  readonly isLost?: true;
}

/** What is left of a value whose key is gone. */
export const LOST_VALUE: OpenedValue = { value: '', keyId: null, isLost: true };

/** A value that is not sealed at all. @throws UnfoldableEvent */
export function openClearValue({ value }: Sealed): OpenedValue {
  if (value === undefined) throw new UnfoldableEvent('MetadataSet carries no value');
  return { value: valueText(Buffer.from(value, 'base64')), keyId: null };
}

/** The bytes of a value as text, but for what no table could hold. @throws UnfoldableEvent */
export function valueText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text.includes('\0')) throw new UnfoldableEvent('A value contains NUL, which no table can hold');
  return text;
}

/** What an event of a job says that is not sealed at all. @throws UnfoldableEvent */
export function openClearJob({ value }: Sealed): OpenedValue {
  if (value === undefined) throw new UnfoldableEvent('The event of a job says nothing');
  return { value: jobText(Buffer.from(value, 'base64')), keyId: null };
}

/** NUL, and halves of characters, as JSON.stringify writes them; not what only reads so, behind a backslash that is escaped. */
const UNKEEPABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

/** What an event of a job says, but for what no table could hold. @throws UnfoldableEvent */
export function jobText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  try {
    const part: unknown = JSON.parse(text);
    if (typeof part === 'object' && part !== null && !UNKEEPABLE.test(text)) return text;
  } catch (error) {
    throw new UnfoldableEvent('What an event of a job says is no JSON', { cause: error });
  }
  throw new UnfoldableEvent('What an event of a job says cannot be kept in a table');
}

import type { Sealed } from '@annal/domain';
import { UnfoldableEvent } from './unfoldable-event.js';

/** The value of a metadata as the tables take it. */
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

import type {
  EventEnvelope,
  InstanceStored,
  InstanceTags,
  Level,
  MetadataSet,
  Sealed,
  SealedJobEvent,
} from '@annal/domain';
import type { OpenedValue } from './opened-value.js';
import { UnfoldableEvent } from './unfoldable-event.js';

/** The personal part of InstanceStored, or InstanceReconstructed, as the tables take it. */
export interface OpenedInstance {
  readonly tags: InstanceTags;
  /** The deflated header model in base64; null where it is a blob of its own, or not known. */
  readonly header: string | null;
  readonly headerBlob: string | null;
  /** The data keys that it was sealed with; null: none. */
  readonly keyId: string | null;
  /** What is not known any more; absent: nothing. */
  readonly unknown?: 'all' | 'all but the patient';
}

/** What an event says of the patient, under a key of its own. */
export interface PatientPart {
  readonly main: InstanceTags['main']['Patient'];
  readonly sequences?: string;
}

/** An event that carries something personal. */
export type SealedEvent = InstanceStored | MetadataSet | SealedJobEvent;

/** What it is, opened: of InstanceStored, or of MetadataSet and events of jobs. */
export type OpenedPart = OpenedInstance | OpenedValue;

/** Opens what is sealed in events: each one, or why it cannot be folded. Rejects where that says nothing of the events. */
export type OpenSealed = (
  events: readonly EventEnvelope<SealedEvent>[],
) => Promise<readonly (OpenedPart | UnfoldableEvent)[]>;

/** Where there are no keys: what is sealed stays so. */
export const NO_KEYS: OpenSealed = async (events) =>
  events.map(({ sealed }) => new UnfoldableEvent(`There is no key here for what is sealed with ${sealed!.algorithm}`));

/** What an event says that is not sealed at all. @throws UnfoldableEvent */
export function openClear({ tags, header, headerBlob }: Sealed): OpenedInstance {
  if (tags === undefined) throw new UnfoldableEvent('InstanceStored carries no tags');
  return {
    tags: parsePart<InstanceTags>(Buffer.from(tags, 'base64').toString('utf8')),
    header: header ?? null,
    headerBlob: headerBlob ?? null,
    keyId: null,
  };
}

/** What is left of an instance whose study was erased: its identifiers, which the event has in clear. */
export function erasedInstance(keyId: string | null, patient?: PatientPart): OpenedInstance {
  const { main, sequences }: PatientPart = patient ?? { main: {} };
  const tags: InstanceTags = {
    main: { Patient: main, Study: {}, Series: {}, Instance: {} },
    ...(sequences === undefined ? {} : { sequences: { Patient: sequences } satisfies Partial<Record<Level, string>> }),
    transferSyntaxUid: '',
    sopClassUid: '',
  };
  return { tags, header: null, headerBlob: null, keyId, unknown: patient ? 'all but the patient' : 'all' };
}

/** Half of a character beyond U+FFFF, written out in JSON. */
const SURROGATE = /\\ud[89a-f][0-9a-f]{2}/i;

/** Whether a JSON text is surely one that tables can hold. */
export function isHarmless(json: string): boolean {
  return !json.includes('\\u0000') && !SURROGATE.test(json);
}

/** Reads a part of JSON, but for what no table could hold. @throws UnfoldableEvent */
export function parsePart<T>(json: string): T {
  if (json.includes('\\u0000')) throw new UnfoldableEvent('A tag contains NUL, which no table can hold');
  try {
    return JSON.parse(json, SURROGATE.test(json) ? refuseHalves : undefined) as T;
  } catch (error) {
    if (error instanceof UnfoldableEvent) throw error;
    // the parser's own words quote the text
    throw new UnfoldableEvent('The tags are no JSON');
  }
}

function refuseHalves(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new UnfoldableEvent('A tag contains half a character, which no table can hold');
}

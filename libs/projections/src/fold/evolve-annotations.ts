import {
  depthOf,
  type EventEnvelope,
  type LabelAdded,
  type LabelRemoved,
  type MetadataDeleted,
  type MetadataSet,
  type Outcome,
  type ProtectionSet,
  type RecordedEvent,
} from '@annal/domain';
import { CHANGE_TYPES } from '../changes.js';
import { type DecodedEvent, isType } from './decode.js';
import type { OpenedValue } from './opened-value.js';
import { deltaOf, type WorkingSet } from './working-set.js';

/** The resource whose labels, metadata or protection an event changes. */
export function annotatedBy(event: EventEnvelope): { readonly level: number; readonly id: string } | undefined {
  if (isType(event, 'annal.patient.protection-set.v1')) return { level: depthOf('Patient'), id: event.data.id };
  const isAnnotation =
    isType(event, 'annal.metadata.set.v1') ||
    isType(event, 'annal.metadata.deleted.v1') ||
    isType(event, 'annal.label.added.v1') ||
    isType(event, 'annal.label.removed.v1');
  return isAnnotation ? { level: depthOf(event.data.level), id: event.data.id } : undefined;
}

/** Folds what users note on resources; leaves other events alone. */
export function evolveAnnotations(
  state: WorkingSet,
  { event, value }: DecodedEvent & { readonly event: RecordedEvent },
): void {
  const outcome = outcomeOf(state, event, value);
  if (outcome) state.outcomes.push({ event_id: event.id, outcome });
}

function outcomeOf(state: WorkingSet, event: RecordedEvent, value: OpenedValue | undefined): Outcome | undefined {
  if (isType(event, 'annal.metadata.set.v1')) return metadataSet(state, event, value!);
  if (isType(event, 'annal.metadata.deleted.v1')) return metadataDeleted(state, event);
  if (isType(event, 'annal.label.added.v1')) return labelAdded(state, event);
  if (isType(event, 'annal.label.removed.v1')) return labelRemoved(state, event);
  if (isType(event, 'annal.patient.protection-set.v1')) return protectionSet(state, event);
  return undefined;
}

const NOT_FOUND: Outcome = { kind: 'not-found' };

function metadataSet(state: WorkingSet, event: RecordedEvent<MetadataSet>, value: OpenedValue): Outcome | undefined {
  const { level, id, metadata, expected, maximum } = event.data;
  const annotations = state.annotations.of(level, id);
  if (!annotations) return NOT_FOUND;
  const head = annotations.metadata.get(metadata);
  if (expected !== undefined && expected !== (head?.position ?? null)) return { kind: 'conflict' };
  if (!head && annotations.metadata.size >= maximum) return { kind: 'too-many' };
  const { offset } = event.position;
  const revision = head ? head.revision + 1 : 0;
  annotations.setMetadata(metadata, { revision, position: offset }, value);
  state.log(CHANGE_TYPES.UpdatedMetadata, level, annotations.key, id, offset, event.time);
  return head ? { kind: 'revised', revision } : undefined;
}

function metadataDeleted(state: WorkingSet, event: RecordedEvent<MetadataDeleted>): Outcome | undefined {
  const { level, id, metadata, expected } = event.data;
  const annotations = state.annotations.of(level, id);
  const head = annotations?.metadata.get(metadata);
  if (!annotations || !head) return NOT_FOUND;
  if (expected !== undefined && expected !== head.position) return { kind: 'conflict' };
  annotations.removeMetadata(metadata);
  state.log(CHANGE_TYPES.UpdatedMetadata, level, annotations.key, id, event.position.offset, event.time);
  return undefined;
}

function labelAdded(state: WorkingSet, { data }: RecordedEvent<LabelAdded>): Outcome | undefined {
  const annotations = state.annotations.of(data.level, data.id);
  if (!annotations) return NOT_FOUND;
  const { labels } = annotations;
  if (labels.has(data.label)) return undefined;
  if (labels.size >= data.maximum) return { kind: 'too-many' };
  annotations.addLabel(data.label);
  return undefined;
}

function labelRemoved(state: WorkingSet, { data }: RecordedEvent<LabelRemoved>): Outcome | undefined {
  const annotations = state.annotations.of(data.level, data.id);
  if (!annotations) return NOT_FOUND;
  if (annotations.labels.has(data.label)) annotations.removeLabel(data.label);
  return undefined;
}

/** A patient who is not protected any more is, for the recycler, as one who has just got something new. */
function protectionSet(state: WorkingSet, { data, position }: RecordedEvent<ProtectionSet>): Outcome | undefined {
  const annotations = state.annotations.of('Patient', data.id);
  const patient = state.patients.get(data.id);
  if (!annotations || !patient) return NOT_FOUND;
  if (annotations.isProtected === data.protected) return undefined;
  annotations.protect(data.protected);
  if (data.protected) return undefined;
  patient.updatedPos = position.offset;
  if (patient.row) patient.row.updated_pos = position.offset;
  else deltaOf(patient).updated_pos = position.offset;
  return undefined;
}

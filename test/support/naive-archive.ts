import { NaiveAttachments } from './naive-attachments.js';
import { NaiveNotes, type NaiveAnnotations } from './naive-annotations.js';
import type {
  AttachmentAdded,
  AttachmentRecoded,
  EventEnvelope,
  InstanceStored,
  RecordedEvent,
  StoredBlob,
} from '@annal/domain';

interface Kept {
  readonly event: EventEnvelope<InstanceStored>;
  readonly key: number;
  /** The file as it is stored now. */
  blob: StoredBlob;
}

/** What the read models should say after a history, computed in the simplest way: the oracle of the fold's tests. */
export interface NaiveState {
  /** Identifiers in list order. */
  readonly instances: readonly string[];
  readonly series: readonly string[];
  readonly studies: readonly string[];
  readonly patients: readonly string[];
  readonly size: number;
  readonly storedSize: number;
  /** `resource number revision blob size stored`, sorted. */
  readonly attachments: readonly string[];
  /** `Seq type-of-change identifier` of the whole feed. */
  readonly feed: readonly string[];
  /** Blob keys that nobody refers to any more. */
  readonly garbage: readonly string[];
  /** What is noted on resources, by their identifiers. */
  readonly annotations: Readonly<Record<string, NaiveAnnotations>>;
}

const LOWER = { Patient: 'patient', Study: 'study', Series: 'series' } as const;

/** Folds a history one event at a time over plain maps. */
export function naiveArchive(events: readonly RecordedEvent[]): NaiveState {
  const instances = new Map<string, Kept>();
  const parents = {
    series: new Map<string, number>(),
    study: new Map<string, number>(),
    patient: new Map<string, number>(),
  };
  const updated = new Map<string, number>();
  const stable = new Set<string>();
  const feed: string[] = [];
  const garbage: string[] = [];
  const notes = new NaiveNotes();
  const emit = (change: string, id: string): number => {
    feed.push(`${feed.length + 1} ${change} ${id}`);
    return feed.length;
  };
  const attachments = new NaiveAttachments(emit, (key) => garbage.push(key));
  const drop = (doomed: Kept[]): void => {
    for (const { event, blob } of doomed) {
      instances.delete(event.data.ids.instance);
      notes.forget(event.data.ids.instance);
      attachments.drop(event.data.ids.instance);
      garbage.push(blob.key);
    }
    const left = (level: 'series' | 'study' | 'patient'): Set<string> =>
      new Set([...instances.values()].map((kept) => kept.event.data.ids[level]));
    const gone = [...doomed].sort((a, b) => a.key - b.key).map((kept) => kept.event.data.ids.instance);
    for (const id of gone) emit('Deleted', id);
    for (const level of ['series', 'study', 'patient'] as const) {
      const alive = left(level);
      const dead = [...parents[level]].filter(([id]) => !alive.has(id)).sort((a, b) => a[1] - b[1]);
      for (const [id] of dead) {
        parents[level].delete(id);
        stable.delete(id);
        notes.forget(id);
        attachments.drop(id);
        emit('Deleted', id);
      }
    }
  };
  const below = (id: string): Kept[] =>
    [...instances.values()].filter(({ event }) => Object.values(event.data.ids).includes(id));
  for (const event of events) {
    const { offset } = event.position;
    if (event.type === 'annal.instance.stored.v1') {
      const stored = event as EventEnvelope<InstanceStored>;
      const { ids, blob, overwrite } = stored.data;
      const old = instances.get(ids.instance);
      if (old && !overwrite) {
        garbage.push(blob.key);
        continue;
      }
      if (old) drop([old]);
      instances.set(ids.instance, { event: stored, key: emit('NewInstance', ids.instance), blob });
      for (const [level, name] of [
        ['series', 'NewSeries'],
        ['study', 'NewStudy'],
        ['patient', 'NewPatient'],
      ] as const) {
        if (!parents[level].has(ids[level])) parents[level].set(ids[level], emit(name, ids[level]));
        updated.set(ids[level], offset);
        stable.delete(ids[level]);
      }
    } else if (event.type === 'annal.resource.deleted.v1') {
      drop(below((event.data as { id: string }).id));
    } else if (event.type === 'annal.patient.recycled.v1') {
      const { id, asOf } = event.data as { id: string; asOf: number };
      if (parents.patient.has(id) && updated.get(id)! <= asOf && !notes.of(id).protected) drop(below(id));
    } else if (event.type === 'annal.resource.stable.v1') {
      const { level, id, asOf } = event.data as { level: 'Patient' | 'Study' | 'Series'; id: string; asOf: number };
      const map = parents[level.toLowerCase() as 'patient' | 'study' | 'series'];
      if (!map.has(id) || stable.has(id) || updated.get(id)! > asOf) continue;
      stable.add(id);
      emit(`Stable${level}`, id);
    } else if (event.type.startsWith('annal.attachment.')) {
      const changed = event as RecordedEvent<AttachmentAdded>;
      const { id, contentType, level } = changed.data;
      const kept = contentType === 1 ? instances.get(id) : undefined;
      if (contentType === 1 && level === 'Instance') {
        const { replaces, blob } = (event as RecordedEvent<AttachmentRecoded>).data;
        garbage.push(kept?.blob.key === replaces ? replaces : blob.key);
        if (kept?.blob.key === replaces) kept.blob = blob;
        continue;
      }
      const isThere = level === 'Instance' ? instances.has(id) : parents[LOWER[level]].has(id);
      attachments.fold(changed, isThere);
    } else {
      const id = (event.data as { id?: string }).id ?? '';
      const isThere = instances.has(id) || Object.values(parents).some((map) => map.has(id));
      const done = isThere ? notes.apply(event) : undefined;
      if (done === 'metadata') emit('UpdatedMetadata', id);
      if (done === 'unprotected') updated.set(id, offset);
    }
  }
  const ordered = (map: ReadonlyMap<string, number>): string[] =>
    [...map].sort((a, b) => a[1] - b[1]).map(([id]) => id);
  return {
    instances: ordered(new Map([...instances].map(([id, kept]) => [id, kept.key]))),
    series: ordered(parents.series),
    studies: ordered(parents.study),
    patients: ordered(parents.patient),
    size: [...instances.values()].reduce((sum, { event }) => sum + event.data.blob.size, 0),
    storedSize: [...instances.values()].reduce((sum, { blob }) => sum + blob.storedSize, 0),
    attachments: attachments.list(),
    feed,
    garbage: garbage.sort(),
    annotations: notes.all(),
  };
}

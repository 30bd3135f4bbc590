import type { EventEnvelope, MetadataDeleted, MetadataSet, RecordedEvent } from '@annal/domain';

/** What is noted on a resource. */
export interface NaiveAnnotations {
  readonly labels: readonly string[];
  /** Revision and value by number. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly protected: boolean;
}

interface Notes {
  labels: string[];
  metadata: Map<number, { revision: number; position: number; value: string }>;
  protected: boolean;
}

/** Labels, metadata and protection, computed in the simplest way. */
export class NaiveNotes {
  private readonly notes = new Map<string, Notes>();

  of(id: string): Notes {
    let notes = this.notes.get(id);
    if (!notes) this.notes.set(id, (notes = { labels: [], metadata: new Map(), protected: false }));
    return notes;
  }

  forget(id: string): void {
    this.notes.delete(id);
  }

  /** Applies an event to a resource that is there, and says what others must know. */
  apply(event: RecordedEvent): 'metadata' | 'unprotected' | undefined {
    const notes = this.of((event.data as { id: string }).id);
    switch (event.type) {
      case 'annal.label.added.v1': {
        const { label, maximum } = event.data as { label: string; maximum: number };
        if (!notes.labels.includes(label) && notes.labels.length < maximum) notes.labels.push(label);
        return undefined;
      }
      case 'annal.label.removed.v1':
        notes.labels = notes.labels.filter((label) => label !== (event.data as { label: string }).label);
        return undefined;
      case 'annal.patient.protection-set.v1': {
        const before = notes.protected;
        notes.protected = (event.data as { protected: boolean }).protected;
        return before && !notes.protected ? 'unprotected' : undefined;
      }
      case 'annal.metadata.set.v1': {
        const { metadata, expected, maximum } = (event as EventEnvelope<MetadataSet>).data;
        const old = notes.metadata.get(metadata);
        if (expected === null && old) return undefined;
        if (typeof expected === 'number' && old?.position !== expected) return undefined;
        if (!old && notes.metadata.size >= maximum) return undefined;
        const value = Buffer.from(event.sealed!.value!, 'base64').toString();
        const revision = old ? old.revision + 1 : 0;
        notes.metadata.set(metadata, { revision, position: event.position.offset, value });
        return 'metadata';
      }
      case 'annal.metadata.deleted.v1': {
        const { metadata, expected } = (event as EventEnvelope<MetadataDeleted>).data;
        const old = notes.metadata.get(metadata);
        if (!old || (expected !== undefined && expected !== old.position)) return undefined;
        notes.metadata.delete(metadata);
        return 'metadata';
      }
      default:
        return undefined;
    }
  }

  /** Of the resources that have any. */
  all(): Record<string, NaiveAnnotations> {
    const some = [...this.notes].filter(
      ([, { labels, metadata, protected: isProtected }]) => labels.length > 0 || metadata.size > 0 || isProtected,
    );
    return Object.fromEntries(
      some.map(([id, { labels, metadata, protected: isProtected }]) => [
        id,
        {
          labels: [...labels].sort(),
          metadata: Object.fromEntries([...metadata].map(([number, m]) => [number, `${m.revision} ${m.value}`])),
          protected: isProtected,
        },
      ]),
    );
  }
}

import { depthOf, type Level } from '@annal/domain';
import type { OpenedValue } from './opened-value.js';
import type { AnnotationRow } from './rows.js';

/** What users noted on a resource, without the values: `[depth of the level, id, key, labels, metadata, protected]`. */
export type LoadedAnnotations = readonly [
  depth: number,
  id: string,
  key: number,
  labels: readonly string[] | null,
  /** By number: revision, and the offset of the event that set it. */
  metadata: Readonly<Record<string, readonly [revision: number, position: number]>> | null,
  isProtected: boolean,
];

/** What is known of a metadata's value when it is replaced. */
export interface MetadataHead {
  readonly revision: number;
  readonly position: number;
}

/** The labels, metadata and protection of a resource while events are applied to them. */
export class Annotations {
  readonly labels: Set<string>;
  readonly metadata: Map<number, MetadataHead>;
  private readonly set = new Map<number, object>();
  private readonly removed = new Set<number>();
  private touched = false;

  constructor(
    private readonly depth: number,
    readonly key: number,
    loaded?: LoadedAnnotations,
  ) {
    const [, , , labels, metadata, isProtected] = loaded ?? [];
    this.labels = new Set(labels ?? []);
    const heads = Object.entries(metadata ?? {});
    this.metadata = new Map(heads.map(([number, [revision, position]]) => [Number(number), { revision, position }]));
    this.protection = isProtected ?? false;
  }

  private protection: boolean;

  get isProtected(): boolean {
    return this.protection;
  }

  protect(isProtected: boolean): void {
    this.protection = isProtected;
    this.touched = true;
  }

  addLabel(label: string): void {
    this.labels.add(label);
    this.touched = true;
  }

  removeLabel(label: string): void {
    this.labels.delete(label);
    this.touched = true;
  }

  setMetadata(number: number, head: MetadataHead, { value, keyId, isLost }: OpenedValue): void {
    this.metadata.set(number, head);
    this.set.set(number, { ...head, value, key: keyId, ...(isLost && { lost: true }) });
    this.removed.delete(number);
    this.touched = true;
  }

  removeMetadata(number: number): void {
    this.metadata.delete(number);
    this.set.delete(number);
    this.removed.add(number);
    this.touched = true;
  }

  /** The row to write; undefined where nothing changed. */
  row(): AnnotationRow | undefined {
    if (!this.touched) return undefined;
    return {
      level: this.depth,
      key: this.key,
      labels: this.labels.size > 0 ? [...this.labels].sort() : null,
      set: Object.fromEntries(this.set),
      removed: [...this.removed].map(String),
      protected: this.protection,
    };
  }
}

/** The annotations that a batch touches, by resource. */
export class AnnotationSet {
  private readonly known = new Map<string, Annotations>();

  /** @param keyOfNew the key of a resource that the batch itself made */
  constructor(
    loaded: readonly LoadedAnnotations[] | null,
    private readonly keyOfNew: (level: Level, id: string) => number | undefined,
  ) {
    for (const one of loaded ?? []) this.known.set(`${one[0]} ${one[1]}`, new Annotations(one[0], one[2], one));
  }

  /** Those of a resource; undefined where there is no such resource. */
  of(level: Level, id: string): Annotations | undefined {
    const depth = depthOf(level);
    const name = `${depth} ${id}`;
    const known = this.known.get(name);
    if (known) return known;
    const key = this.keyOfNew(level, id);
    if (key === undefined) return undefined;
    const fresh = new Annotations(depth, key);
    this.known.set(name, fresh);
    return fresh;
  }

  /** The rows to write, by level and key, so that two folds never lock rows in opposite order. */
  rows(): AnnotationRow[] {
    const rows = [...this.known.values()].flatMap((one) => one.row() ?? []);
    return rows.sort((a, b) => a.level - b.level || a.key - b.key);
  }
}

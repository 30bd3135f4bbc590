import { headerBlobKey, MAX_SEALED_HEADER } from '../instances/store-instance/decide.js';
import type { EventEnvelope } from '../log/envelope.js';
import type { AnnotationLookup } from '../ports/annotation-lookup.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { EventWriter } from '../ports/event-writer.js';
import type { IncomingFile } from '../ports/incoming-file.js';
import type { Outcome } from '../ports/outcome.js';
import type { ResourceLine, ResourceLookup } from '../ports/resource-lookup.js';
import type { Sealer } from '../ports/sealer.js';
import type { StorageQuota } from '../ports/storage-quota.js';
import type { Level } from '../resources/level.js';

/** Ports that keep what was asked of them in the order of the calls, and fail where a test wants them to. */
export class RecordingPorts {
  readonly steps: string[] = [];
  readonly appended: EventEnvelope[] = [];
  /** What a step throws, by its name. */
  readonly failures = new Map<string, Error>();
  /** The MD5 of the instance that is there. */
  existingMd5: string | undefined;
  /** What is there, by identifier. */
  readonly levels = new Map<string, Level>();
  /** The same, with what is above it. */
  readonly lines: ResourceLine[] = [];
  /** What the fold makes of each event. */
  outcomeOf: (event: EventEnvelope) => Outcome | null = () => null;

  readonly writer: EventWriter = {
    submit: async (events) => {
      this.step('append');
      this.appended.push(...events);
      return {
        positions: events.map((_, offset) => ({ partition: 0, offset })),
        outcomes: events.map((event) => this.outcomeOf(event)),
      };
    },
  };

  readonly lookup: ResourceLookup = {
    md5Of: async () => {
      this.step('lookup');
      return this.existingMd5;
    },
    levelsOf: async (ids) => {
      this.step('lookup');
      return new Map([...this.levels].filter(([id]) => ids.includes(id)));
    },
    linesOf: async (ids) => {
      this.step('lookup');
      return new Map(this.lines.filter(({ id }) => ids.includes(id)).map((line) => [line.id, line]));
    },
  };

  readonly sealer: Sealer = {
    seal: async ({ blobKey, header }) => {
      const failure = this.failures.get('seal');
      if (failure) throw failure;
      const sealed = { keyId: 'k', algorithm: 'aes-256-gcm', tags: 'tags' } as const;
      return header.length < MAX_SEALED_HEADER
        ? { sealed: { ...sealed, header: 'header' } }
        : { sealed: { ...sealed, headerBlob: headerBlobKey(blobKey) }, headerBlob: header };
    },
    sealValue: async ({ study, patient, level, value }) => {
      this.step(`seal for ${level === 'Patient' ? patient : study}`);
      return { keyId: 'k', algorithm: 'aes-256-gcm', value: `sealed ${value}` };
    },
    sealJob: async ({ job, text }) => {
      this.step(`seal for job ${job}`);
      return { keyId: job, algorithm: 'aes-256-gcm', value: `sealed ${text}` };
    },
    sealRemote: async ({ key, text }) => {
      this.step('seal for a remote');
      return { keyId: key, algorithm: 'aes-256-gcm', value: `sealed ${text}` };
    },
  };

  /** What users noted on the resources that are there. */
  readonly annotations: {
    metadata: Awaited<ReturnType<AnnotationLookup['metadataOf']>>;
    labels: readonly string[] | undefined;
    isProtected: boolean | undefined;
  } = { metadata: undefined, labels: undefined, isProtected: undefined };

  readonly annotationLookup: AnnotationLookup = {
    metadataOf: async () => this.annotations.metadata,
    labelsOf: async () => this.annotations.labels,
    isProtected: async () => this.annotations.isProtected,
  };

  readonly quota: StorageQuota = {
    reserve: async () => {
      this.step('reserve');
      return async () => this.step('release');
    },
  };

  readonly blobs = {
    put: async () => this.step('put header'),
    remove: async () => this.step('remove header'),
  } as unknown as BlobStore;

  /** A received file with these properties. */
  file(md5: string): IncomingFile {
    return {
      blob: {
        key: '0198c5a0-0000-7000-8000-000000000001',
        size: 10,
        md5,
        storedSize: 10,
        storedMd5: md5,
        compression: 'none',
      },
      save: async () => this.step('save'),
      discard: async () => this.step('discard'),
    };
  }

  private step(name: string): void {
    this.steps.push(name);
    const failure = this.failures.get(name);
    if (failure) throw failure;
  }
}

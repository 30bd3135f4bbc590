import {
  AppendRefused,
  type EventEnvelope,
  type InstanceStored,
  type InstanceTags,
  isSealedJobEvent,
  type JobPartToSeal,
  type PersonalPart,
  type RecordedEvent,
  type RemoteToSeal,
  type Sealed,
  type SealedJobEvent,
  type SealedPart,
  type Sealer,
  type ValueToSeal,
} from '@annal/domain';
import {
  erasedInstance,
  isHarmless,
  isType,
  type OpenedInstance,
  type OpenedPart,
  type OpenSealed,
  parsePart,
  type SealedEvent,
  UnfoldableEvent,
} from '@annal/projections';
import { RecentlyUsed } from '../caches/recently-used.js';
import { GroupCommit } from '../log/group-commit.js';
import { isStatementError } from '../postgres/session.js';
import type { KeyStore, StudyOfPatient } from './key-store.js';
import {
  openHeaderBlob,
  openInstance,
  openMetadata,
  openPatientPart,
  sealMetadata,
  sealPersonalPart,
  type StudyKeys,
} from './personal-part.js';

/** An event that may be in the log already. */
export type StoredEvent = EventEnvelope<InstanceStored> & Partial<Pick<RecordedEvent, 'position'>>;

/** What a DICOM file says, where the key of its event is gone. */
export type RecoverInstance = (event: StoredEvent) => Promise<OpenedInstance | undefined>;

/** For how long keys are remembered, ms: afterwards a process knows of none that was retired or destroyed before. */
export interface VaultMemory {
  readonly sealing: number;
  readonly opening: number;
}

const CAPACITY = 10_000;
/** Where keys are gone, so many files are read side by side. */
const FILES_AT_ONCE = 32;
const GROUP = { items: 500, bytes: Infinity };

interface Remembered<K> {
  readonly keys: K;
  readonly until: number;
  /** The connection that the keys were read by, or made. */
  readonly from: object | undefined;
}

/** Seals and opens what events hold of patients, with the keys of their studies. */
export class Vault implements Sealer {
  private readonly sealing = new RecentlyUsed<Remembered<Required<StudyKeys>>>(CAPACITY);
  private readonly opening = new RecentlyUsed<Remembered<StudyKeys>>(CAPACITY);
  private readonly wanted = new GroupCommit<StudyOfPatient, Required<StudyKeys>>(
    (studies) => this.activate(studies),
    GROUP,
  );

  /** What this process sealed and appends itself, as a lone worker does. */
  private readonly sealedHere = new WeakMap<Sealed, () => OpenedInstance>();

  /** @param recover reads the file of an event whose key is gone; undefined where there is none any more */
  constructor(
    private readonly store: KeyStore,
    private readonly memory: VaultMemory,
    private readonly recover: RecoverInstance,
  ) {}

  async seal(part: PersonalPart): Promise<SealedPart> {
    const keys = await this.sealingKeys(part.ids);
    const json = JSON.stringify(part.tags);
    const sealed = sealPersonalPart(keys, part, json);
    this.sealedHere.set(sealed.sealed, asOpened(part, json, sealed.sealed));
    return sealed;
  }

  async sealValue(value: ValueToSeal): Promise<Sealed> {
    return sealMetadata(await this.sealingKeys(value), value);
  }

  sealJob({ job, eventId, text }: JobPartToSeal): Promise<Sealed> {
    return this.sealOwn(job, eventId, text);
  }

  sealRemote({ key, eventId, text }: RemoteToSeal): Promise<Sealed> {
    return this.sealOwn(key, eventId, text);
  }

  /** What was sealed for a remote, or for a job apart from its events; undefined where its key is gone. @throws CannotOpen */
  async openText(eventId: string, sealed: Sealed): Promise<string | undefined> {
    return this.store.jobs.openText(eventId, sealed);
  }

  private async sealOwn(key: string, eventId: string, text: string): Promise<Sealed> {
    try {
      return await this.store.jobs.seal(key, eventId, text);
    } catch (error) {
      if (isStatementError(error)) throw new AppendRefused('A key cannot be stored', { cause: error });
      throw error;
    }
  }

  /**
   * Opens events. Where the keys are gone, the file of the instance is read; where that is gone too, the study was erased,
   * and nothing but the identifiers is left. A metadata whose key is gone is empty, and an event of a job says nothing any more.
   */
  readonly open: OpenSealed = async (events) => {
    const ofJobs = events.filter((event) => isSealedJobEvent(event.type)) as EventEnvelope<SealedJobEvent>[];
    if (ofJobs.length === 0) return this.openOfStudies(events);
    const others = events.filter((event) => !isSealedJobEvent(event.type));
    const jobs = (await this.store.jobs.open(ofJobs)).values();
    const rest = (await this.openOfStudies(others)).values();
    return events.map((event) => (isSealedJobEvent(event.type) ? jobs : rest).next().value!);
  };

  private readonly openOfStudies: OpenSealed = async (events) => {
    if (events.length === 0) return [];
    const keys = await this.keysOf(events.map(({ sealed }) => sealed!.keyId!));
    const opened: (OpenedPart | UnfoldableEvent)[] = [];
    for (let at = 0; at < events.length; at += FILES_AT_ONCE) {
      const some = events.slice(at, at + FILES_AT_ONCE);
      opened.push(...(await Promise.all(some.map((event) => this.openOne(event, keys.get(event.sealed!.keyId!))))));
    }
    return opened;
  };

  /** Opens a header that is a blob of its own; undefined where its key is gone. @throws CannotOpen */
  async openHeader(keyId: string, blob: string, sealed: Buffer): Promise<Buffer | undefined> {
    const keys = (await this.keysOf([keyId])).get(keyId);
    return isWhole(keys) ? openHeaderBlob(keys, blob, sealed) : undefined;
  }

  /**
   * Makes sure that what was sealed can be opened.
   * @throws Error that names the master key to configure
   */
  check(): Promise<void> {
    return this.store.check();
  }

  /** Wraps some keys with the current master key that are not yet; resolves with how many. */
  rewrap(): Promise<number> {
    return this.store.rewrap();
  }

  /** Forgets all keys, because some were destroyed. */
  forget(): void {
    this.sealing.clear();
    this.opening.clear();
    this.store.jobs.forget();
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    await this.wanted.drained();
    await this.store.close();
  }

  private async sealingKeys({ study, patient }: StudyOfPatient): Promise<Required<StudyKeys>> {
    const known = this.sealing.get(study);
    return this.isValid(known) ? known.keys : this.keysFor({ study, patient });
  }

  /** @throws AppendRefused where the database takes no new keys, as on a full disk */
  private async keysFor(study: StudyOfPatient): Promise<Required<StudyKeys>> {
    try {
      return await this.wanted.submit(study, 1, 0);
    } catch (error) {
      if (isStatementError(error)) throw new AppendRefused('The key of the study cannot be stored', { cause: error });
      throw error;
    }
  }

  private async activate(studies: readonly StudyOfPatient[]): Promise<readonly Required<StudyKeys>[]> {
    const started = performance.now();
    const active = await this.store.active([...new Map(studies.map((one) => [one.study, one])).values()]);
    for (const [study, keys] of active) {
      const from = this.store.connection;
      this.sealing.set(study, { keys, until: started + this.memory.sealing, from });
      this.opening.set(keys.id, { keys, until: started + this.memory.opening, from });
    }
    return studies.map(({ study }) => active.get(study)!);
  }

  private async keysOf(ids: readonly string[]): Promise<ReadonlyMap<string, StudyKeys>> {
    const now = performance.now();
    const found = new Map<string, StudyKeys>();
    const unknown = new Set<string>();
    for (const id of ids) {
      const known = this.opening.get(id);
      if (this.isValid(known)) found.set(id, known.keys);
      else unknown.add(id);
    }
    if (unknown.size === 0) return found;
    for (const [id, keys] of await this.store.byId([...unknown])) {
      found.set(id, keys);
      this.opening.set(id, { keys, until: now + this.memory.opening, from: this.store.connection });
    }
    return found;
  }

  /** Whether a key is still known: what the database has lost, because it went down, must be asked for again. */
  private isValid<K>(remembered: Remembered<K> | undefined): remembered is Remembered<K> {
    if (!remembered || remembered.until <= performance.now()) return false;
    return remembered.from !== undefined && remembered.from === this.store.connection;
  }

  private async openOne(
    event: EventEnvelope<SealedEvent>,
    keys: StudyKeys | undefined,
  ): Promise<OpenedPart | UnfoldableEvent> {
    try {
      if (isType(event, 'annal.metadata.set.v1')) return openMetadata(keys, event);
      if (isType(event, 'annal.instance.stored.v1')) return await this.openStored(event, keys);
      throw new UnfoldableEvent('Nothing of such an event can be sealed');
    } catch (error) {
      if (error instanceof UnfoldableEvent) return error;
      throw error;
    }
  }

  private async openStored(event: EventEnvelope<InstanceStored>, keys: StudyKeys | undefined): Promise<OpenedInstance> {
    if (isWhole(keys)) return this.sealedHere.get(event.sealed!)?.() ?? openInstance(keys, event);
    // the part that is left says that the other one was destroyed, not lost
    if (keys) return erasedInstance(keys.id, openPatientPart(keys, event));
    return (await this.recover(event)) ?? erasedInstance(null);
  }
}

/** What opening would give, but for the price of it. @throws UnfoldableEvent */
function asOpened({ tags, header }: PersonalPart, json: string, { keyId, headerBlob }: Sealed): () => OpenedInstance {
  return () => ({
    tags: isHarmless(json) ? tags : parsePart<InstanceTags>(json),
    header: headerBlob === undefined ? header.toString('base64') : null,
    headerBlob: headerBlob ?? null,
    keyId,
  });
}

function isWhole(keys: StudyKeys | undefined): keys is Required<StudyKeys> {
  return keys?.study !== undefined;
}

import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';
import type { EventEnvelope, Sealed, SealedJobEvent } from '@annal/domain';
import { jobText, LOST_VALUE, type OpenedValue, UnfoldableEvent } from '@annal/projections';
import { RecentlyUsed } from '../caches/recently-used.js';
import type { Session } from '../postgres/session.js';
import { CannotOpen, newKey, seal, unseal } from './cipher.js';
import type { MasterKeys } from './master-keys.js';

const CAPACITY = 10_000;
/** Longer texts are deflated, bytes: Kafka takes a megabyte at once, and ten thousand paths of DICOMweb are two. */
const LONG = 64 * 1024;
/** UIDs are digits drawn by lot behind a common beginning: among these, repetitions of a few cost more than they save. */
const DEFLATING = { strategy: constants.Z_FILTERED };
const deflate = promisify(deflateRaw);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Row {
  readonly id: string;
  readonly master_key: string | null;
  readonly secret: Buffer;
}

interface Remembered {
  readonly key: KeyObject;
  readonly until: number;
  /** The connection that the key was read by, or made. */
  readonly from: object | undefined;
}

/**
 * The keys of what belongs to no study: of jobs, each of which seals what the events of one job say and has the job's
 * identifier; and of remotes, each of which seals what one event says.
 */
export class JobKeys {
  private readonly known = new RecentlyUsed<Remembered>(CAPACITY);

  /** @param memory for how long keys are remembered, ms */
  constructor(
    private readonly session: Session,
    private readonly masterKeys: MasterKeys,
    private readonly memory: number,
  ) {}

  /** Seals what an event of a job says; makes the key of a new one. */
  async seal(job: string, eventId: string, text: string): Promise<Sealed> {
    const key = (await this.find([job])).get(job) ?? (await this.make(job));
    const plain = Buffer.from(text, 'utf8');
    const deflated = plain.length > LONG;
    const bytes = deflated ? await deflate(plain, DEFLATING) : plain;
    return {
      keyId: job,
      algorithm: 'aes-256-gcm',
      value: seal(key, purpose(eventId), bytes).toString('base64'),
      ...(deflated && { deflated }),
    };
  }

  /** Opens what events of jobs say: each one, or why it cannot be folded; nothing where its key is gone. */
  async open(events: readonly EventEnvelope<SealedJobEvent>[]): Promise<readonly (OpenedValue | UnfoldableEvent)[]> {
    if (events.length === 0) return [];
    const keys = await this.find(events.map(({ sealed }) => sealed!.keyId!));
    return events.map((event) => openJobPart(keys.get(event.sealed!.keyId!), event));
  }

  /** Opens what the event of a remote says; undefined where its key is gone. @throws CannotOpen */
  async openText(eventId: string, sealed: Sealed): Promise<string | undefined> {
    const { keyId } = sealed;
    const key = keyId === null ? undefined : (await this.find([keyId])).get(keyId);
    return key && openBytes(key, eventId, sealed).toString('utf8');
  }

  /** Forgets all keys, because some were destroyed. */
  forget(): void {
    this.known.clear();
  }

  private async find(jobs: readonly string[]): Promise<ReadonlyMap<string, KeyObject>> {
    const now = performance.now();
    const found = new Map<string, KeyObject>();
    const unknown = new Set<string>();
    for (const job of jobs) {
      const known = this.known.get(job);
      // what the database has lost, because it went down, must be asked for again
      const isValid = known && known.until > now && known.from !== undefined && known.from === this.session.connection;
      if (isValid) found.set(job, known.key);
      else if (UUID.test(job)) unknown.add(job);
    }
    if (unknown.size === 0) return found;
    const rows = await this.query<Row>(
      'vault_job_keys',
      'SELECT id, master_key, secret FROM annal_vault.job_keys WHERE id = ANY ($1::uuid[])',
      [[...unknown]],
    );
    for (const row of rows) {
      try {
        const key = this.masterKeys.unwrap(row.id, { masterKey: row.master_key, secret: row.secret });
        found.set(row.id, this.remember(row.id, key));
      } catch (error) {
        // a damaged one is none, and no reason to leave out the others
        if (!(error instanceof CannotOpen)) throw error;
      }
    }
    return found;
  }

  private async make(job: string): Promise<KeyObject> {
    const key = newKey();
    const { masterKey, secret } = this.masterKeys.wrap(job, key);
    await this.query(
      'vault_make_job_key',
      'INSERT INTO annal_vault.job_keys (id, master_key, secret) VALUES ($1, $2, $3)',
      [job, masterKey, secret],
    );
    return this.remember(job, key);
  }

  private remember(job: string, key: KeyObject): KeyObject {
    this.known.set(job, { key, until: performance.now() + this.memory, from: this.session.connection });
    return key;
  }

  private async query<R extends object>(name: string, text: string, values: unknown[]): Promise<readonly R[]> {
    return this.session.rows<R>({ name, text, values });
  }
}

/** Opens what an event of a job says, or why it cannot be folded; nothing of it where its key is gone. */
export function openJobPart(
  key: KeyObject | undefined,
  { id, sealed }: EventEnvelope<SealedJobEvent>,
): OpenedValue | UnfoldableEvent {
  if (!key) return LOST_VALUE;
  try {
    return { value: jobText(openBytes(key, id, sealed!)), keyId: sealed!.keyId };
  } catch (error) {
    if (error instanceof CannotOpen) return new UnfoldableEvent(error.message, { cause: error });
    if (error instanceof UnfoldableEvent) return error;
    throw error;
  }
}

/** The bytes of what was sealed. @throws CannotOpen */
function openBytes(key: KeyObject, eventId: string, { value = '', deflated }: Sealed): Buffer {
  const bytes = unseal(key, purpose(eventId), Buffer.from(value, 'base64'));
  if (!deflated) return bytes;
  try {
    return inflateRawSync(bytes);
  } catch (error) {
    throw new CannotOpen('What was sealed cannot be inflated', { cause: error });
  }
}

/** What a sealed part is, so that none can stand in for another, of whatever event. */
function purpose(eventId: string): string {
  return `job ${eventId}`;
}

import { type EventContext, type Level, ReconstructInstances, type ReadInstance, type StoredBlob } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import {
  readIdentifiers,
  relatedTo,
  type StatementRunner,
  type StoredAttachment,
  withIdentifier,
} from '@annal/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { buffer } from 'node:stream/consumers';
import { ERROR_CODES } from '../../http/errors/error-codes.js';
import { HttpError, OrthancError } from '../../http/errors/http-errors.js';
import { Intake } from '../../intake/intake.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { AttachmentsService } from '../attachments/attachments.service.js';

/** What is to be made anew. */
export interface ReconstructOptions {
  /** Whether the files are also stored as the configuration says now. */
  readonly files: boolean;
  /** The one level whose tags are to change, taken from the first instance below; undefined: all levels. */
  readonly only?: Level;
}

const AT_ONCE = 16;
/** Headers of events that are appended together, bytes: a batch of a log holds no more than a megabyte. */
const HEADERS_TOGETHER = 400_000;
const PAGE = 1000;

/** Reads main tags and metadata of instances, and of all they belong to, once more from their files. */
@Injectable()
export class ReconstructService implements OnApplicationShutdown {
  private stopping = false;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(AttachmentsService) private readonly attachments: AttachmentsService,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  /** What is left of a long one is left as it is. */
  onApplicationShutdown(): void {
    this.stopping = true;
  }

  /** A resource and all below it. @throws OrthancError 404; 500 where files cannot be read, after all others */
  async resource(level: Level, id: string, options: ReconstructOptions, context: EventContext): Promise<void> {
    const selection = level === 'Instance' ? withIdentifier(level, id) : relatedTo('Instance', level, id);
    const ids = await readIdentifiers(this.pool, selection, options.only === undefined ? {} : { limit: 1 });
    if (ids.length === 0) throw new OrthancError('UnknownResource');
    await this.run(inBatches(ids), options, context);
  }

  /** All instances, in the order in which they came. @throws OrthancError 500 where files cannot be read, after all others */
  everything(options: ReconstructOptions, context: EventContext): Promise<void> {
    return this.run(this.allInstances(), options, context);
  }

  private async run(
    batches: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
    { files, only }: ReconstructOptions,
    context: EventContext,
  ): Promise<void> {
    let unreadable = 0;
    for await (const ids of batches) {
      if (this.stopping) throw new OrthancError('DatabaseUnavailable');
      const read = await Promise.all(ids.map((id) => this.read(id)));
      unreadable += read.filter((one) => one === 'unreadable').length;
      const instances = read.filter((one) => typeof one === 'object');
      for (const together of inGroups(instances)) {
        await this.commands.execute(new ReconstructInstances(together, only, context));
      }
      if (!files) continue;
      for (const { described } of instances) await this.recode(described.ids.instance, context);
    }
    if (unreadable === 0) return;
    throw new OrthancError('CorruptedFile', `${unreadable} files cannot be read; all others were reconstructed`);
  }

  /** An instance that is gone meanwhile is none to reconstruct. */
  private async read(id: string): Promise<ReadInstance | 'gone' | 'unreadable'> {
    try {
      const stored = await this.attachments.one({ level: 'Instance', id, name: 'dicom' });
      const head = async (length: number): Promise<Buffer> =>
        buffer(await this.attachments.open(stored, false, 0, Math.min(length, stored.size)));
      const described = await this.intake.describe({ size: stored.size, readHead: head });
      return described.ids.instance === id ? { file: blobOf(stored), described } : 'unreadable';
    } catch (error) {
      return isGone(error) ? 'gone' : unreadable(error);
    }
  }

  private async recode(id: string, context: EventContext): Promise<void> {
    const { StorageCompression } = this.configuration;
    await this.attachments
      .recode({ level: 'Instance', id, name: 'dicom' }, StorageCompression, context)
      .catch(unlessGone);
  }

  private async *allInstances(): AsyncGenerator<readonly string[], void> {
    let last = 0;
    for (;;) {
      const { rows } = await this.pool.query<{ key: number; id: string }>({
        name: 'annal_instances_after',
        text: 'SELECT key, id FROM instances WHERE key > $1 ORDER BY key LIMIT $2',
        values: [last, PAGE],
      });
      if (rows.length === 0) return;
      yield* inBatches(rows.map(({ id }) => id));
      last = rows.at(-1)!.key;
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof OrthancError && error.code === ERROR_CODES.UnknownResource[0];
}

/** @throws what is about this moment, not about the file */
function unreadable(error: unknown): 'unreadable' {
  const { name, code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof HttpError || FILE_ERRORS.has(name) || code.startsWith('Z_')) return 'unreadable';
  throw error;
}

const FILE_ERRORS: ReadonlySet<string> = new Set(['NotDicom', 'MissingIdentifier', 'BeyondLimit', 'BlobUnreadable']);

function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}

function blobOf({ blobKey: key, size, md5, storedSize, storedMd5, compression }: StoredAttachment): StoredBlob {
  return { key, size, md5, storedSize, storedMd5, compression };
}

function* inBatches(ids: readonly string[]): Generator<readonly string[], void> {
  for (let at = 0; at < ids.length; at += AT_ONCE) yield ids.slice(at, at + AT_ONCE);
}

/** In order, with as many headers in each as a log takes at once. */
function inGroups(instances: readonly ReadInstance[]): readonly (readonly ReadInstance[])[] {
  const groups: ReadInstance[][] = [];
  let size = Infinity;
  for (const instance of instances) {
    const { length } = instance.described.header;
    size += length;
    if (size > HEADERS_TOGETHER) {
      groups.push([]);
      size = length;
    }
    groups.at(-1)!.push(instance);
  }
  return groups;
}

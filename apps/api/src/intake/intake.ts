import {
  DEFAULT_LIMITS,
  type DicomDictionary,
  DicomFormatError,
  FragmentScanner,
  isDicom,
  MainDicomTags,
  type TokenizerLimits,
} from '@annal/dicom';
import {
  type BlobStore,
  type EventContext,
  type IncomingFile,
  type InstanceToStore,
  LEVELS,
  type Level,
  StoreInstance,
  type StoreResult,
} from '@annal/domain';
import { type AnnalConfiguration, dictionaryOptions, tokenizerLimits } from '@annal/platform';
import {
  type DescribedInstance,
  type InstanceUids,
  invalidFile,
  MissingIdentifier,
  NotDicom,
  type ParsedInstance,
} from '@annal/projections';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { RuntimeSettings } from '../server/runtime-settings.js';
import { forEachEntry, isArchive } from './archive-entries.js';
import { peek } from './first-bytes.js';
import { forEachPart } from './form-parts.js';
import { Gate } from '../load/gate.js';
import { BeyondLimit } from './intake-errors.js';
import { InstanceParser } from './instance-parser.js';
import { Md5 } from './md5.js';
import { type ReceivedFile, receiveFile } from './receive-file.js';

/** Where an upload comes from. */
export interface UploadOrigin {
  readonly context: EventContext;
  /** Bytes of the body, where that is known. */
  readonly size?: number;
  /** Looks at each instance before it is stored; what it throws refuses it. */
  readonly accept?: (uids: InstanceUids) => void;
}

/** What an upload came to: one instance, or those of an archive. */
export type UploadResult = StoreResult | readonly StoreResult[];

const ENTRIES_AT_ONCE = 4;
/** Most headers fit in here, bytes. */
const FIRST_HEAD = 32 * 1024;

/** Takes DICOM files in, whatever they come wrapped in, and has each stored. */
export class Intake implements OnApplicationShutdown {
  private readonly parser: InstanceParser;
  private readonly signatures: Readonly<Record<Level, string>> | undefined;
  private readonly gate: Gate;
  private readonly md5 = new Md5();
  private readonly hashes: Md5 | undefined;
  private readonly limits: Partial<TokenizerLimits>;

  constructor(
    private readonly configuration: AnnalConfiguration,
    private readonly settings: RuntimeSettings,
    dictionary: DicomDictionary,
    private readonly blobs: BlobStore,
    private readonly commands: CommandBus,
  ) {
    const { ExtraMainDicomTags, Annal } = configuration;
    const mainTags = new MainDicomTags(dictionary, ExtraMainDicomTags);
    const extra = LEVELS.some((level) => (ExtraMainDicomTags[level] ?? []).length > 0);
    this.signatures = extra ? signaturesOf(mainTags) : undefined;
    this.hashes = configuration.StoreMD5ForAttachments ? this.md5 : undefined;
    this.gate = new Gate(Annal.Limits.MaxConcurrentUploads);
    this.limits = tokenizerLimits(configuration);
    this.parser = new InstanceParser(
      { dictionary, mainTags, limits: this.limits },
      dictionaryOptions(configuration),
      ExtraMainDicomTags,
      Annal.Limits.ParseTimeout * 1000,
    );
  }

  /** Waits for what is under way, if only to be cleared away, then ends the parsing threads. */
  async onApplicationShutdown(): Promise<void> {
    await this.gate.idle();
    await Promise.all([this.parser.close(), this.md5.close()]);
  }

  /** Stores a DICOM file, or the DICOM files of a ZIP archive: told apart by content. */
  upload(body: AsyncIterable<Buffer>, origin: UploadOrigin): Promise<UploadResult> {
    return this.gate.run(async () => {
      const { first, all } = await peek(body, 4);
      return isArchive(first) ? this.storeArchive(all, origin) : this.store(all, origin, origin.size);
    });
  }

  /** Stores a DICOM file, as `store` does, once there is room among the uploads. */
  storeInTurn(body: AsyncIterable<Buffer>, origin: UploadOrigin): Promise<StoreResult> {
    return this.gate.run(() => this.store(body, origin, origin.size));
  }

  /** Stores each part of a multipart/form-data body. */
  uploadForm(body: AsyncIterable<Buffer>, contentType: string, origin: UploadOrigin): Promise<void> {
    const { MaxMultipartParts, MaxMultipartHeaderSize } = this.configuration.Annal.Limits;
    const limits = { parts: MaxMultipartParts, headerSize: MaxMultipartHeaderSize };
    return this.gate.run(() =>
      forEachPart(body, contentType, limits, async (part) => {
        const { first, all } = await peek(part, 4);
        return isArchive(first) ? this.storeArchive(all, origin) : this.store(all, origin);
      }),
    );
  }

  /**
   * Takes a file of any kind in.
   * @param compress whether it is to be stored compressed
   * @param size bytes that will come, where that is known
   * @param use keeps or discards it
   */
  receive<T>(
    body: AsyncIterable<Buffer>,
    { compress, size }: { readonly compress: boolean; readonly size?: number },
    use: (file: IncomingFile) => Promise<T>,
  ): Promise<T> {
    return this.gate.run(async () => {
      const options = { blobs: this.blobs, compress, md5: this.hashes, ...(size === undefined ? {} : { size }) };
      return use((await receiveFile(body, options)).file);
    });
  }

  /**
   * What a stored DICOM file says, by the rules of now.
   * @throws NotDicom, MissingIdentifier, BeyondLimit
   */
  async describe(file: Pick<ReceivedFile, 'size' | 'readHead'>): Promise<Omit<InstanceToStore, 'overwrite'>> {
    const { instance } = await this.parseHead(file);
    return { ...instance, ...(this.signatures && { mainTagsSignatures: this.signatures }) };
  }

  /**
   * Stores one DICOM file.
   * @param size bytes that will come, where that is known
   * @throws NotDicom, MissingIdentifier, BeyondLimit, StorageFull, AppendRefused, AppendUnknown
   */
  async store(body: AsyncIterable<Buffer>, origin: UploadOrigin, size?: number): Promise<StoreResult> {
    const received = await receiveFile(body, {
      blobs: this.blobs,
      compress: this.configuration.StorageCompression,
      md5: this.hashes,
      ...(size === undefined ? {} : { size }),
      accept: (head) => {
        if (!isDicom(head)) throw new NotDicom('The file is no DICOM file');
      },
    });
    const instance = {
      ...(await this.parseOrDiscard(received, origin)),
      overwrite: this.configuration.OverwriteInstances,
      ...(this.signatures && { mainTagsSignatures: this.signatures }),
    };
    return this.commands.execute(new StoreInstance(instance, received.file, origin.context));
  }

  private async storeArchive(body: AsyncIterable<Buffer>, origin: UploadOrigin): Promise<readonly StoreResult[]> {
    const { Limits } = this.configuration.Annal;
    const limits = {
      entries: Limits.MaxZipEntries,
      entrySize: Limits.MaxZipEntrySize,
      totalSize: Limits.MaxInflatedSize,
      ratio: Limits.MaxInflateRatio,
    };
    const results = await forEachEntry(body, limits, ENTRIES_AT_ONCE, async (content) => {
      try {
        return await this.store(content, origin);
      } catch (error) {
        // what is no DICOM is passed over, as an archive holds other files too
        if (error instanceof NotDicom || error instanceof MissingIdentifier) return undefined;
        throw error;
      }
    });
    return results.filter((result) => result !== undefined);
  }

  private async parseOrDiscard(received: ReceivedFile, { accept }: UploadOrigin): Promise<DescribedInstance> {
    try {
      if (received.size === 0) throw new NotDicom('Received an empty DICOM file');
      const { instance, uids } = await this.parse(received);
      accept?.(uids);
      return instance;
    } catch (error) {
      await received.file.discard();
      throw error;
    }
  }

  private async parse(received: ReceivedFile): Promise<ParsedInstance> {
    const parsed = await this.parseHead(received);
    if (parsed.unchecked) await this.checkFragments(received, parsed.unchecked);
    return parsed;
  }

  private async parseHead(received: Pick<ReceivedFile, 'size' | 'readHead'>): Promise<ParsedInstance> {
    const { MaxDicomHeaderSize } = this.configuration.Annal.Limits;
    for (let wanted = FIRST_HEAD; ; wanted *= 8) {
      const head = await received.readHead(Math.min(wanted, received.size));
      const source = { head, complete: head.length === received.size, totalLength: received.size };
      const parsed = await this.parser.parse(source, this.settings.get('defaultEncoding'));
      if (parsed) return parsed;
      if (head.length >= MaxDicomHeaderSize) {
        throw new BeyondLimit(`${MaxDicomHeaderSize} bytes in front of the pixel data`);
      }
    }
  }

  /** Encapsulated pixel data of a large file must be there to their end, as those of a small one. */
  private async checkFragments(
    received: ReceivedFile,
    { pixelData, littleEndian }: NonNullable<ParsedInstance['unchecked']>,
  ): Promise<void> {
    const scanner = new FragmentScanner(pixelData, littleEndian, { ...DEFAULT_LIMITS, ...this.limits });
    try {
      for await (const chunk of received.stream()) scanner.push(chunk);
      scanner.finish();
    } catch (error) {
      throw error instanceof DicomFormatError ? invalidFile(received.size, error) : error;
    }
  }
}

function signaturesOf(mainTags: MainDicomTags): Record<Level, string> {
  return {
    Patient: mainTags.signature('Patient'),
    Study: mainTags.signature('Study'),
    Series: mainTags.signature('Series'),
    Instance: mainTags.signature('Instance'),
  };
}

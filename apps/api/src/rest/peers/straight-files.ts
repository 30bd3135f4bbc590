import { type DicomDictionary, MainDicomTags } from '@annal/dicom';
import type { ResourceLine } from '@annal/domain';
import { parseInstance } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';

/** So much of a file is remembered: the header of nearly all is shorter, and reading it takes some milliseconds. Bytes. */
const HEAD = 256 * 1024;
const LIMITS = { maxElements: 20_000, maxInflatedSize: 4 * 1024 * 1024 } as const;

/** A file that is handed on. */
export interface StraightFile {
  /** Its bytes, to be read once. */
  readonly stream: AsyncIterable<Buffer>;
  /** Of which instance it is, as far as it was read; undefined where that does not tell. */
  line(): ResourceLine | undefined;
}

/** Tells of files that are handed on, without being kept, what they are of. */
@Injectable()
export class StraightFiles {
  private readonly mainTags: MainDicomTags;

  constructor(
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
  ) {
    this.mainTags = new MainDicomTags(dictionary);
  }

  /** The same bytes, whose beginning is remembered. */
  watch(chunks: AsyncIterable<Buffer>): StraightFile {
    const first: Buffer[] = [];
    let [kept, total] = [0, 0];
    const stream = async function* (): AsyncGenerator<Buffer, void> {
      for await (const chunk of chunks) {
        if (kept < HEAD) {
          // a copy: a large chunk is not held for the sake of a part
          const part = Buffer.from(chunk.subarray(0, HEAD - kept));
          first.push(part);
          kept += part.length;
        }
        total += chunk.length;
        yield chunk;
      }
    };
    return { stream: stream(), line: () => this.lineOf(Buffer.concat(first), total) };
  }

  private lineOf(head: Buffer, total: number): ResourceLine | undefined {
    const { dictionary, mainTags } = this;
    const context = { dictionary, mainTags, defaultEncoding: this.settings.get('defaultEncoding'), limits: LIMITS };
    const complete = total === head.length;
    try {
      const ids = parseInstance({ head, complete, totalLength: complete ? total : Infinity }, context)?.instance.ids;
      if (!ids) return undefined;
      const { patient, study, series, instance } = ids;
      return { level: 'Instance', id: instance, patient, study, series };
    } catch {
      // no DICOM file, or none that a server would take
      return undefined;
    }
  }
}

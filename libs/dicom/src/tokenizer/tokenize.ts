import { type DicomFile } from '../dataset.js';
import { ByteSource } from './byte-source.js';
import { DataSetReader } from './dataset-reader.js';
import { DicomFormatError } from './errors.js';
import { readFileMeta } from './file-meta.js';
import { inflate } from './inflate.js';
import { DEFAULT_LIMITS, type TokenizerLimits } from './limits.js';
import { encodingOf, guessEncoding, isDeflated, uncompressedSyntax } from './transfer-syntax.js';
import { type VrLookup } from './vr-lookup.js';

/** How a file is tokenized. */
export interface TokenizeOptions {
  /** The dictionary for implicit VR. */
  readonly lookup: VrLookup;
  /** Whether `source` is the whole file; default: yes, unless `totalLength` says otherwise. */
  readonly complete?: boolean;
  /** Bytes of the whole file, when `source` is only its beginning and the length is known. */
  readonly totalLength?: number;
  /** Replace the default limits. */
  readonly limits?: Partial<TokenizerLimits>;
}

/**
 * Tokenize a DICOM file (PS3.10 section 7), or only its beginning: then reading stops at the pixel data. Accepts and
 * refuses what DCMTK does, among them files without preamble or meta information, whose encoding is guessed; a file
 * cut between two top-level elements is taken as whole. Costs no copy of any value; runs in time linear in the header.
 * A deflated file must be there as a whole.
 *
 * @throws DicomFormatError `header-incomplete` when `source` ends before the pixel data and isn't the whole file
 *   (`needed` tells how much to give at least); other codes for what is no DICOM, truncated, or beyond the limits.
 */
export function tokenize(source: Buffer, options: TokenizeOptions): DicomFile {
  const { lookup, complete = true } = options;
  const totalLength = options.totalLength ?? (complete ? source.length : Infinity);
  if (totalLength === 0) throw new DicomFormatError('empty', 'The DICOM file is empty');
  const limits = options.limits ? { ...DEFAULT_LIMITS, ...options.limits } : DEFAULT_LIMITS;
  const file = new ByteSource(source, Math.max(totalLength, source.length), limits);
  const { meta, start, transferSyntaxUid } = readFileMeta(file);
  const deflated = transferSyntaxUid !== undefined && isDeflated(transferSyntaxUid);
  if (deflated) file.require(file.totalLength, file.totalLength);
  const content = deflated ? inflate(source.subarray(start), limits) : source;
  const data = deflated ? new ByteSource(content, content.length, limits) : file;
  const first = deflated ? 0 : start;
  const known = transferSyntaxUid === undefined ? undefined : encodingOf(transferSyntaxUid);
  const encoding = known ?? guessEncoding(data.view, first, lookup);
  const reader = new DataSetReader(data, first, encoding, lookup);
  reader.read();
  return {
    meta,
    dataset: reader.dataset,
    transferSyntaxUid: transferSyntaxUid || uncompressedSyntax(encoding),
    ...(reader.pixelData && { pixelData: reader.pixelData }),
    trailing: reader.trailing,
  };
}

import { type ByteRange } from '@annal/dicom';

/** Ranges that are read at once, as they stand close together. */
export interface RangeRun {
  /** From where the first begins to where the last ends. */
  readonly span: ByteRange;
  /** One or more, in the order of the file. */
  readonly ranges: readonly ByteRange[];
}

/** Bytes between ranges that are read with them: the header of a fragment. */
const GAP = 8;
/** Bytes of several ranges that are read at once. */
const LONGEST = 1024 * 1024;

/** Puts ranges together, so that a frame of very many small fragments takes few reads. */
export function* runsOf(ranges: readonly ByteRange[]): Generator<RangeRun, void> {
  let run: ByteRange[] = [];
  let [start, end] = [0, 0];
  for (const range of ranges) {
    const gap = range.o - end;
    if (run.length > 0 && (gap < 0 || gap > GAP || range.o + range.n - start > LONGEST)) {
      yield { span: { o: start, n: end - start }, ranges: run };
      run = [];
    }
    if (run.length === 0) start = range.o;
    run.push(range);
    end = range.o + range.n;
  }
  if (run.length > 0) yield { span: { o: start, n: end - start }, ranges: run };
}

/** The bytes of a run's ranges, joined; fewer where those of its span are. */
export function cutOut(bytes: Buffer, { span, ranges }: RangeRun): Buffer {
  if (ranges.length === 1) return bytes;
  const joined = Buffer.allocUnsafe(span.n);
  let length = 0;
  for (const { o, n } of ranges) length += bytes.copy(joined, length, o - span.o, o - span.o + n);
  return joined.subarray(0, length);
}

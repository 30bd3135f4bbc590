import { type ByteRange, type HeaderModel } from '../header/model.js';
import { PixelDataError } from './errors.js';
import { FragmentWalk, type ReadRange, type WalkedFragment } from './fragment-walk.js';
import { frameOffsets, offsetTables } from './offset-tables.js';
import { remembered } from './remembered.js';

/** Fragments that are looked at for one image at most; a file with more was not taken in. */
const MAXIMUM_FRAGMENTS = 1_000_000;
/** What a fragment and an offset take in memory, about, bytes. */
const [FRAGMENT_SIZE, OFFSET_SIZE] = [64, 8];

/** What stands in front of the first fragment. */
interface Beginning {
  /** Where the first fragment's header stands. */
  readonly start: number;
  /** Whether there is an offset table with an entry for each frame. */
  readonly tabled: boolean;
  /** Where frames start, bytes from `start` on, unless the table lies. */
  readonly offsets?: Float64Array;
}

function fail(message: string): never {
  throw new PixelDataError('location', message);
}

/** Whether a fragment begins as an image of JPEG, JPEG-LS or JPEG 2000 does. */
function beginsImage({ start }: WalkedFragment): boolean {
  const [first, second, third] = start;
  return (first === 0xff && second === 0xd8 && third === 0xff) || (first === 0xff && second === 0x4f && third === 0xff);
}

/** Finds the frames of encapsulated pixel data (PS3.5 section A.4), reading no more of the file than that takes. */
export class EncapsulatedFrames {
  private readonly beginning = remembered(() => this.begin());
  private readonly all = remembered(() => this.everyFrame());
  private readonly end: number;
  private kept = 0;

  /**
   * @param pixelData the range of the element's value
   * @param frames how many there are
   * @param size of the file, bytes
   */
  constructor(
    private readonly model: HeaderModel,
    private readonly pixelData: ByteRange,
    private readonly frames: number,
    private readonly read: ReadRange,
    size: number,
  ) {
    this.end = pixelData.n > 0 ? Math.min(size, pixelData.o + pixelData.n) : size;
  }

  /** About what is kept in memory, so that the file need not be gone through again, bytes. */
  get size(): number {
    return this.kept;
  }

  /**
   * The fragments of a frame: where an offset table says, if there are fragments; else, by their number, one a frame,
   * or all for one frame; else those from one that begins an image to the next.
   *
   * @param frame from 0 on, less than their number
   * @throws PixelDataError `location` where none of that holds
   */
  async fragments(frame: number): Promise<readonly ByteRange[]> {
    // each has a fragment of its own
    if (this.frames > MAXIMUM_FRAGMENTS) fail('The pixel data has too few fragments');
    const { start, offsets } = await this.beginning();
    const quick = offsets && (await this.byTable(start, offsets, frame));
    return quick ?? (await this.all())[frame]!;
  }

  private walk(position: number): FragmentWalk {
    return new FragmentWalk(this.read, position, this.end);
  }

  private async begin(): Promise<Beginning> {
    const walk = this.walk(this.pixelData.o);
    const basic = await walk.next();
    if (!basic) fail('The pixel data has no fragments');
    const start = walk.at;
    const [table] = offsetTables(this.model, basic, this.frames);
    const offsets = table && (await frameOffsets(table, this.end - start, this.read));
    this.kept += OFFSET_SIZE * (offsets?.length ?? 0);
    return { start, tabled: table !== undefined, ...(offsets && { offsets }) };
  }

  /** The fragments between two offsets; undefined where there are none. */
  private async byTable(
    start: number,
    offsets: Float64Array,
    frame: number,
  ): Promise<readonly ByteRange[] | undefined> {
    const to = start + (offsets[frame + 1] ?? Infinity);
    const walk = this.walk(start + offsets[frame]!);
    const found: ByteRange[] = [];
    try {
      while (walk.at < to) {
        const fragment = await walk.next();
        if (!fragment) break;
        if (found.length >= MAXIMUM_FRAGMENTS) return undefined;
        found.push({ o: fragment.o, n: fragment.n });
      }
    } catch (error) {
      if (error instanceof PixelDataError) return undefined;
      throw error;
    }
    return found.length > 0 && (to === Infinity || walk.at === to) ? found : undefined;
  }

  /** Goes through all fragments. */
  private async everyFrame(): Promise<readonly (readonly ByteRange[])[]> {
    const { start, tabled } = await this.beginning();
    const fragments: ByteRange[] = [];
    const images: number[] = [];
    const walk = this.walk(start);
    for (let next = await walk.next(); next; next = await walk.next()) {
      if (fragments.length >= MAXIMUM_FRAGMENTS) fail('The pixel data has too many fragments');
      if (beginsImage(next)) images.push(fragments.length);
      fragments.push({ o: next.o, n: next.n });
    }
    if (fragments.length === 0) fail('The pixel data has no fragments');
    this.kept += FRAGMENT_SIZE * fragments.length;
    if (fragments.length === this.frames) return fragments.map((fragment) => [fragment]);
    if (tabled) fail('The offset table does not say where frames start');
    if (this.frames === 1) return [fragments];
    if (images.length !== this.frames || images[0] !== 0) fail('It cannot be told which fragments belong to a frame');
    return images.map((first, index) => fragments.slice(first, images[index + 1]));
  }
}

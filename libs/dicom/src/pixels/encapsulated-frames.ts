import { type ByteRange, type HeaderModel } from '../header/model.js';
import { PixelDataError } from './errors.js';
import { FragmentWalk, type ReadRange, type WalkedFragment } from './fragment-walk.js';
import { basicOffsetTable, extendedOffsetTable, type OffsetTable } from './offset-tables.js';

/** Fragments that are looked at for one image at most; a file with more was not taken in. */
const MAXIMUM_FRAGMENTS = 1_000_000;

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
  private all: Promise<readonly (readonly ByteRange[])[]> | undefined;
  private known = 0;

  /**
   * @param pixelData the range of the element's value
   * @param frames how many there are
   */
  constructor(
    private readonly model: HeaderModel,
    private readonly pixelData: ByteRange,
    private readonly frames: number,
    private readonly read: ReadRange,
  ) {}

  /** How many fragments are kept in memory, so that the file need not be gone through again. */
  get kept(): number {
    return this.known;
  }

  /**
   * The fragments of a frame: where an offset table says, if there are fragments; else, by their number, one a frame,
   * or all for one frame; else those from one that begins an image to the next.
   *
   * @param frame from 0 on, less than their number
   * @throws PixelDataError `location` where none of that holds
   */
  async fragments(frame: number): Promise<readonly ByteRange[]> {
    const walk = new FragmentWalk(this.read, this.pixelData.o);
    const basic = await walk.next();
    if (!basic) fail('The pixel data has no fragments');
    const start = walk.at;
    const tables = this.tables(basic);
    const quick = tables[0] && (await this.byTable(tables[0], start, frame));
    if (quick) return quick;
    this.all ??= this.everyFrame(start, tables);
    return (await this.all)[frame]!;
  }

  private tables(basic: ByteRange): readonly OffsetTable[] {
    const tables = [
      ...(basic.n > 0 ? [basicOffsetTable(basic, this.frames, this.read)] : []),
      ...[extendedOffsetTable(this.model, this.frames, this.read)].filter((each) => each !== undefined),
    ];
    return tables.filter(({ fits }) => fits);
  }

  /** The fragments between two offsets of a table; undefined where there are none. */
  private async byTable(table: OffsetTable, start: number, frame: number): Promise<readonly ByteRange[] | undefined> {
    const from = start + (await table.offset(frame));
    const to = frame + 1 < this.frames ? start + (await table.offset(frame + 1)) : Infinity;
    if (!(from < to) || (frame === 0 && from !== start) || !Number.isSafeInteger(from)) return undefined;
    const walk = new FragmentWalk(this.read, from);
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
  private async everyFrame(start: number, tables: readonly OffsetTable[]): Promise<readonly (readonly ByteRange[])[]> {
    const fragments: ByteRange[] = [];
    const images: number[] = [];
    const walk = new FragmentWalk(this.read, start);
    for (let next = await walk.next(); next; next = await walk.next()) {
      if (fragments.length >= MAXIMUM_FRAGMENTS) fail('The pixel data has too many fragments');
      if (beginsImage(next)) images.push(fragments.length);
      fragments.push({ o: next.o, n: next.n });
    }
    if (fragments.length === 0) fail('The pixel data has no fragments');
    this.known = fragments.length;
    if (fragments.length === this.frames) return fragments.map((fragment) => [fragment]);
    if (tables.length > 0) fail('The offset table does not say where frames start');
    if (this.frames === 1) return [fragments];
    if (images.length !== this.frames || images[0] !== 0) fail('It cannot be told which fragments belong to a frame');
    return images.map((first, index) => fragments.slice(first, images[index + 1]));
  }
}

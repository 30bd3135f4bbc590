/** As many resources are remembered at most; 4 bytes each. */
const PLACES = 1 << 17;
const HEX = 16;

/**
 * Which resources were asked for by themselves, as far as it is remembered: each has one place, which it loses to the next
 * one that has the same.
 */
export class AskedFor {
  private readonly marks = new Uint32Array(PLACES);

  /** Marks a resource. @param id its identifier, of hexadecimal digits @returns whether it was marked before */
  mark(id: string): boolean {
    const place = Number.parseInt(id.slice(0, 8), HEX) % PLACES;
    const mark = Number.parseInt(id.slice(9, 17), HEX);
    const wasMarked = this.marks[place] === mark;
    this.marks[place] = mark;
    return wasMarked;
  }
}

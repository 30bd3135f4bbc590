/** Room for so many at once; the others wait their turn. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  /** @param free how many at once */
  constructor(private free: number) {}

  /** Resolves once there is room, which is the caller's until it is given back. */
  async take(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

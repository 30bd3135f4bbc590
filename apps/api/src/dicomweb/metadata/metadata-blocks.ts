import type { MetadataBlock } from './metadata-block.js';

interface Kept {
  readonly version: string;
  readonly block: MetadataBlock;
  size: number;
}

/**
 * The blocks that were asked for last, as long as they fit. Each stands under a name with one version at a time: what was
 * read after a version was current belongs under it, even where it is newer, for then nobody asks for that version again.
 */
export class MetadataBlocks {
  private readonly kept = new Map<string, Kept>();
  private readonly underWay = new Map<string, Promise<MetadataBlock>>();
  private size = 0;

  /** @param capacity bytes */
  constructor(private readonly capacity: number) {}

  /** The block, if it is ready. */
  get(name: string, version: string): MetadataBlock | undefined {
    const known = this.kept.get(name);
    if (known?.version !== version) return undefined;
    this.keep(name, known);
    return known.block;
  }

  /** The block, made where it is not ready; several who ask for it at once wait for the same. */
  make(name: string, version: string, make: () => Promise<MetadataBlock>): Promise<MetadataBlock> {
    const ready = this.get(name, version);
    if (ready) return Promise.resolve(ready);
    const task = `${name} ${version}`;
    const running = this.underWay.get(task);
    if (running) return running;
    const made = this.made(name, version, make).finally(() => this.underWay.delete(task));
    this.underWay.set(task, made);
    return made;
  }

  private async made(name: string, version: string, make: () => Promise<MetadataBlock>): Promise<MetadataBlock> {
    const block = await make();
    this.keep(name, { version, block, size: 0 });
    return block;
  }

  /** Blocks grow when they are deflated: what they take is looked at whenever they are asked for. */
  private keep(name: string, kept: Kept): void {
    this.size += kept.block.size - (this.kept.get(name)?.size ?? 0);
    kept.size = kept.block.size;
    this.kept.delete(name);
    this.kept.set(name, kept);
    for (const [oldest, { size }] of this.kept) {
      if (this.size <= this.capacity) break;
      this.kept.delete(oldest);
      this.size -= size;
    }
  }
}

import { type AnnalConfiguration, RecentlyUsed } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION } from '../../tokens.js';

interface KeptStudy {
  readonly version: string;
  readonly pieces: readonly Buffer[];
  readonly size: number;
}

/**
 * The studies that were asked for last, as they were told, as long as they fit. Each is kept in one version at a time: what
 * was read after a version was current belongs under it even if it is newer, as nobody asks for that version again.
 */
@Injectable()
export class KeptStudies {
  private readonly capacity: number;
  private readonly kept: RecentlyUsed<KeptStudy>;

  constructor(@Inject(CONFIGURATION) { Annal }: AnnalConfiguration) {
    this.capacity = Annal.Limits.ViewerCacheSize;
    this.kept = new RecentlyUsed(this.capacity, ({ size }) => size);
  }

  /** What was told of a study in this version. */
  get(id: string, version: string): readonly Buffer[] | undefined {
    const known = this.kept.get(id);
    return known?.version === version ? known.pieces : undefined;
  }

  /** Hands on what is told of a study, and keeps it once that is all of it; what does not fit is only handed on. */
  async *keeping(id: string, version: string, told: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const text of told) {
      // not from the pool, which would stay whole
      const piece = Buffer.from(new TextEncoder().encode(text).buffer);
      size += piece.length;
      if (size <= this.capacity) pieces.push(piece);
      else pieces.length = 0;
      yield piece;
    }
    if (size <= this.capacity) this.kept.set(id, { version, pieces, size });
  }
}

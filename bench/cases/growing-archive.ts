import { studyOf, TINY } from '../archive/study.js';
import { type Bench } from '../measure/bench.js';
import { type Server } from '../servers/server.js';

/** The area of the archive that grows in the course of a run. */
export const GROWING_AREA = 100;
const AT_ONCE = 1_000;

/** The study of the growing archive with a number. */
export function growingStudy(index: number): ReturnType<typeof studyOf> {
  return studyOf(GROWING_AREA, index, TINY);
}

/** The archive of many tiny studies, as far as it has been uploaded to each server. */
export class GrowingArchive {
  private readonly bench: Bench;
  private readonly studies = new Map<Server, number>();

  constructor(bench: Bench) {
    this.bench = bench;
  }

  /** How many studies Annal holds. */
  get size(): number {
    return this.studies.get(this.bench.annal) ?? 0;
  }

  /** Uploads studies until there are so many. */
  async grow(to: number, servers: readonly Server[] = this.bench.servers): Promise<void> {
    this.bench.report(`growing to ${to} studies`);
    for (const server of servers) {
      for (let from = this.studies.get(server) ?? 0; from < to; from += AT_ONCE) {
        const next = Math.min(to, from + AT_ONCE);
        await this.bench.run(server, 8, {
          kind: 'uploads',
          area: GROWING_AREA,
          shape: TINY,
          part: { studies: [from, next] },
          pixelBytes: 0,
        });
        this.studies.set(server, next);
      }
    }
  }

  /** Notes that studies came into Annal by another way. */
  grown(to: number): void {
    this.studies.set(this.bench.annal, to);
  }
}

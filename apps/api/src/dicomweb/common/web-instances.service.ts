import {
  AskedTogether,
  type ObjectUids,
  readNamedWebFiles,
  readWebFiles,
  readWebSeries,
  type StatementRunner,
  type UidPath,
  type WebFile,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { POOL } from '../../tokens.js';
import { LocateService } from './locate.service.js';

/** The UIDs of an instance. */
export type InstancePath = Required<UidPath>;

/** The files of a study or a series, or of one instance. */
export interface WebFiles {
  /** Where they are known before the first of them is sent. */
  readonly known?: readonly WebFile[];
  /** All of them, some in memory at a time. */
  readonly all: () => AsyncIterable<WebFile>;
}

/** So many rows are in memory at once. */
const PAGE = 1000;

/** Finds the files that are sent. */
@Injectable()
export class WebInstances {
  private readonly rows: AskedTogether<ObjectUids, readonly WebFile[]>;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(LocateService) private readonly locate: LocateService,
  ) {
    this.rows = new AskedTogether((named) => readNamedWebFiles(pool, named));
  }

  /** The files with UIDs of which those above an instance may be left out, two at most. */
  named(uids: ObjectUids): Promise<readonly WebFile[]> {
    return this.rows.get(uids);
  }

  /** @throws OrthancError 404 */
  async one(path: InstancePath): Promise<WebFile> {
    const found = await this.named(path);
    if (found.length === 1) return found[0]!;
    await this.locate.find(path);
    throw new OrthancError('InexistentItem');
  }

  /** @throws OrthancError 404, also while they are read, when there are less than there were at first */
  async files(path: UidPath): Promise<WebFiles> {
    if (path.series !== undefined && path.instance !== undefined) return listed([await this.one(path as InstancePath)]);
    const { study, series } = await this.locate.find(path);
    const every = await readWebSeries(this.pool, { study: study.key, ...(series && { series: series.key }) });
    const total = every.reduce((sum, { instances }) => sum + instances, 0);
    if (every.length === 1 && total <= PAGE) return listed(await this.complete(every[0]!.key, total));
    return { all: () => this.pages(every) };
  }

  private async complete(series: number, expected: number): Promise<readonly WebFile[]> {
    const files = await readWebFiles(this.pool, series, 0, PAGE);
    if (files.length < expected) throw gone();
    return files;
  }

  private async *pages(every: readonly { readonly key: number; readonly instances: number }[]): AsyncIterable<WebFile> {
    for (const { key, instances } of every) {
      let count = 0;
      for (let after = 0; ;) {
        const page = await readWebFiles(this.pool, key, after, PAGE);
        yield* page;
        count += page.length;
        if (page.length < PAGE) break;
        after = page.at(-1)!.key;
      }
      if (count < instances) throw gone();
    }
  }
}

function listed(known: readonly WebFile[]): WebFiles {
  return {
    known,
    all: async function* () {
      yield* known;
    },
  };
}

function gone(): OrthancError {
  return new OrthancError('InexistentItem', 'Deleted while it was retrieved');
}

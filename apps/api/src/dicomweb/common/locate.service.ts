import { locate, type LocatedResource, type StatementRunner, type UidPath } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { POOL } from '../../tokens.js';

/** Finds the resources that the UIDs of a path name. */
@Injectable()
export class LocateService {
  constructor(@Inject(POOL) private readonly pool: StatementRunner) {}

  /** @throws OrthancError 404 where there is none, or where several patients have such a study */
  async find(path: UidPath): Promise<LocatedResource> {
    const found = await locate(this.pool, path);
    if (found.length === 1) return found[0]!;
    const level = path.instance !== undefined ? 'Instance' : path.series !== undefined ? 'Series' : 'Study';
    const what = found.length === 0 ? `Accessing an inexistent ${level} with` : `Multiple ${level} found for`;
    throw new OrthancError(
      'InexistentItem',
      `${what} WADO-RS: ${path.study}/${path.series ?? ''}/${path.instance ?? ''}`,
    );
  }
}

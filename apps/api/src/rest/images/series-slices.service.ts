import type { AnnalConfiguration } from '@annal/platform';
import { readResources, relatedTo, type StatementRunner, withIdentifier } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { CONFIGURATION, POOL } from '../../tokens.js';
import type { StoredFile } from '../instances/instance-file.service.js';
import { type OrderedSlices, orderSlices, type Slice } from './slice-order.js';

const NUMBER_OF_FRAMES = '00280008';
const IMAGE_POSITION_PATIENT = '00200032';
const IMAGE_ORIENTATION_PATIENT = '00200037';

/** An instance of a series with its file, and how many frames it has. */
export interface SeriesSlice extends Slice, StoredFile {
  readonly frames: number;
}

/** Puts the instances of series in the order of their slices. */
@Injectable()
export class SeriesSlicesService {
  private readonly maximum: number;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
  ) {
    this.maximum = Annal.Limits.MaxQueryResults;
  }

  /** The slices of a series. @throws OrthancError 404, 500 when nothing tells their order */
  async ordered(series: string): Promise<OrderedSlices<SeriesSlice>> {
    const [row] = await readResources(this.pool, withIdentifier('Series', series), {}, { mainTags: true });
    if (!row) throw new OrthancError('UnknownResource');
    const instances = await readResources(
      this.pool,
      relatedTo('Instance', 'Series', series),
      { limit: this.maximum + 1 },
      { mainTags: true, details: true, file: true },
    );
    const slices = instances.map(({ mainTags, indexInSeries, ...row }): SeriesSlice => {
      const { id, key, blobKey, size, compression } = row as StoredFile;
      const tags = tagsIn(mainTags);
      return {
        ...{ id, key, blobKey, size, compression },
        position: tags[IMAGE_POSITION_PATIENT],
        orientation: tags[IMAGE_ORIENTATION_PATIENT],
        index: indexInSeries ?? undefined,
        frames: framesIn(tags[NUMBER_OF_FRAMES]),
      };
    });
    const ordered = orderSlices(slices, tagsIn(row.mainTags)[IMAGE_ORIENTATION_PATIENT]);
    if (!ordered) throw new OrthancError('CannotOrderSlices', `Unable to order the slices of series ${series}`);
    return ordered;
  }

  /** As Orthanc lists them for viewers. @throws OrthancError 404, 413, 500 */
  async list(series: string): Promise<unknown> {
    const { type, slices } = await this.ordered(series);
    if (slices.reduce((sum, { frames }) => sum + frames, 0) > this.maximum) {
      throw new OrthancError('BadRequest', `More than ${this.maximum} frames`, 413);
    }
    return {
      Dicom: slices.map(({ id }) => `/instances/${id}/file`),
      Slices: slices.flatMap(({ id, frames }) =>
        Array.from({ length: frames }, (_, n) => `/instances/${id}/frames/${n}`),
      ),
      SlicesShort: slices.map(({ id, frames }) => [id, 0, frames]),
      Type: type,
    };
  }
}

function tagsIn(json: string | undefined): Readonly<Record<string, string | undefined>> {
  return JSON.parse(json ?? '{}') as Record<string, string | undefined>;
}

function framesIn(text = '1'): number {
  return /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : 1;
}

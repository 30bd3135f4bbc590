import type { HeaderModel } from '@annal/dicom';
import { HeaderReader } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { SeriesSlice } from './series-slices.service.js';

/** A slice with its header. */
export type SliceWithHeader = readonly [slice: SeriesSlice, model: HeaderModel];

/** The headers of so many instances are kept from one reading to the next. */
const KEPT = 200;

/** Reads the headers of series whose instances are gone through more than once. */
@Injectable()
export class SliceHeaders {
  constructor(@Inject(HeaderReader) private readonly reader: HeaderReader) {}

  /** Reads the slices of one series in their order, a batch in memory at a time; of few, only once. */
  of(slices: readonly SeriesSlice[]): () => AsyncGenerator<SliceWithHeader, void> {
    const kept = slices.length <= KEPT ? new Map<number, HeaderModel>() : undefined;
    return () => this.read(slices, kept);
  }

  /** @throws OrthancError 404 where one was deleted in the meantime */
  private async *read(
    slices: readonly SeriesSlice[],
    kept: Map<number, HeaderModel> | undefined,
  ): AsyncGenerator<SliceWithHeader, void> {
    let position = 0;
    if (!kept || kept.size === 0) {
      for await (const [key, model] of this.reader.all(slices.map((slice) => slice.key))) {
        const slice = slices[position++]!;
        if (slice.key !== key) throw new OrthancError('UnknownResource');
        kept?.set(key, model);
        yield [slice, model];
      }
    } else {
      for (const slice of slices) {
        const model = kept.get(slice.key);
        if (!model) break;
        position++;
        yield [slice, model];
      }
    }
    if (position < slices.length) throw new OrthancError('UnknownResource');
  }
}

import { Readable } from 'node:stream';
import { type DicomDictionary, type Naturalized } from '@annal/dicom';
import type { EventContext } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { HeaderReader, isMetadataMissing, readStudyVersion, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { begun } from '../../http/answers/begun.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { JsonText } from '../../http/json/render-json.js';
import { CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { OHIF_METADATA, summaryOf, summaryText } from '../metadata/instance-summary.js';
import { KeptMetadata } from '../metadata/kept-metadata.js';
import { KeptStudies } from './kept-studies.js';
import { type ListedInstance, type ListedSeries, studyContents } from './study-contents.js';
import { instanceEntries, seriesAttributes, studyAttributes } from './study-json.js';

/** Headers in memory at a time. */
const BATCH = 100;
/** So much of the text is handed on at once, characters: an instance may have very many frames. */
const PIECE = 256 * 1024;

interface Summarized {
  readonly instance: ListedInstance;
  readonly summary: Naturalized;
}

/** Makes what the data source dicom-json of the viewer reads: a study with everything but its pixels. */
@Injectable()
export class OhifStudyService {
  private readonly maximum: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(KeptMetadata) private readonly kept: KeptMetadata,
    @Inject(KeptStudies) private readonly told: KeptStudies,
  ) {
    this.maximum = Annal.Limits.MaxQueryResults;
  }

  /** The study as a stream of JSON, made once for each version of it. @throws OrthancError 404 */
  async json(id: string, context: EventContext): Promise<JsonText> {
    // before anything is read, so that what is kept is never older than it says
    const version = await readStudyVersion(this.pool, id);
    if (version === undefined) throw new OrthancError('UnknownResource');
    const ready = this.told.get(id, version);
    if (ready && !(this.kept.isOn && (await isMetadataMissing(this.pool, id, OHIF_METADATA)))) return streamed(ready);
    const contents = await studyContents(this.pool, id);
    return streamed(await begun(this.told.keeping(id, version, this.pieces(contents, context))));
  }

  /** @throws OrthancError 404 where no instance is there any more */
  private async *pieces(contents: readonly ListedSeries[], context: EventContext): AsyncGenerator<string, void> {
    let isBegun = false;
    for (const { instances } of contents) {
      let before = '';
      for await (const batch of this.summaries(instances, context)) {
        let text = '';
        for (const { instance, summary } of batch) {
          if (!isBegun) text += `{"studies":[${open(studyOf(contents, summary), 'series')}`;
          if (before === '') text += `${isBegun ? ',' : ''}${open(seriesAttributes(summary), 'instances')}`;
          isBegun = true;
          for (const entry of instanceEntries(instance.id, summary, this.maximum)) {
            text += before + JSON.stringify(entry);
            before = ',\n';
            if (text.length < PIECE) continue;
            yield text;
            text = '';
          }
        }
        if (text !== '') yield text;
      }
      if (before !== '') yield ']}';
    }
    if (!isBegun) throw new OrthancError('UnknownResource');
    yield ']}]}';
  }

  private async *summaries(
    instances: readonly ListedInstance[],
    context: EventContext,
  ): AsyncGenerator<readonly Summarized[], void> {
    for (let at = 0; at < instances.length; at += BATCH) {
      const batch = instances.slice(at, at + BATCH);
      const models = await this.headers.some(batch.map(({ key }) => key));
      const summarized = batch.flatMap((instance) => {
        const model = models.get(instance.key);
        return model ? [{ instance, summary: summaryOf(model, this.dictionary) }] : [];
      });
      if (this.kept.isOn) await this.keep(summarized, context);
      if (summarized.length > 0) yield summarized;
    }
  }

  private async keep(summarized: readonly Summarized[], context: EventContext): Promise<void> {
    const texts = await Promise.all(
      summarized.map(async ({ instance, summary }) => ({ ...instance, text: await summaryText(summary) })),
    );
    await this.kept.keep(
      texts.filter(({ kept, text }) => kept !== text),
      context,
    );
  }
}

function studyOf(contents: readonly ListedSeries[], summary: Naturalized): object {
  const modalities = new Set(contents.map(({ modality }) => modality).filter((modality) => modality !== ''));
  const NumInstances = contents.reduce((sum, { instances }) => sum + instances.length, 0);
  return { ...studyAttributes(summary), Modalities: [...modalities].sort().join('\\'), NumInstances };
}

function streamed(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): JsonText {
  return new JsonText(Readable.from(pieces, { objectMode: false }));
}

/** An object that is left open in a list as its last member. */
function open(attributes: object, list: string): string {
  return `${JSON.stringify({ ...attributes, [list]: [] }).slice(0, -2)}`;
}

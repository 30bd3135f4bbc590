import type { DicomDictionary, HeaderModel } from '@annal/dicom';
import {
  HeaderReader,
  keyOf,
  readResources,
  type ResourceRow,
  type StatementRunner,
  withKeys,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { KnownTexts } from '../../rest/resources/known-texts.js';
import { DICTIONARY, POOL } from '../../tokens.js';
import { AnswerWriter } from './answer-writer.js';
import type { ShownAttributes } from './shown-attributes.js';

/** Resources read at once. */
const BATCH = 100;

/** Found resources as DICOM JSON: what was written before is known by its version. */
@Injectable()
export class QidoTexts {
  private readonly known = new KnownTexts();

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
  ) {}

  /** The resources of these versions that are still there, in batches; for any client. */
  async *of(versions: readonly string[], shown: ShownAttributes): AsyncGenerator<readonly string[], void> {
    const name = shown.followVersions ? shown.name : undefined;
    for (let at = 0; at < versions.length; at += BATCH) {
      const batch = versions.slice(at, at + BATCH);
      const texts = batch.map((version) => (name === undefined ? undefined : this.known.get(name, version)));
      if (texts.includes(undefined)) await this.complete(texts, batch, shown, name);
      yield texts.filter((text) => text !== undefined);
    }
  }

  /** Reads the resources whose texts are missing. @param name under which they are to be known from now on */
  private async complete(
    texts: (string | undefined)[],
    versions: readonly string[],
    shown: ShownAttributes,
    name: string | undefined,
  ): Promise<void> {
    const places = new Map<number, number>();
    versions.forEach((version, place) => {
      if (texts[place] === undefined) places.set(keyOf(version), place);
    });
    const writer = new AnswerWriter(this.dictionary, shown);
    const rows = await readResources(this.pool, withKeys(shown.level, [...places.keys()]), {}, shown.contents);
    const headers = shown.needsHeaders ? await this.headersOf(rows) : undefined;
    for (const row of rows) {
      const text = writer.write(row, headers?.get(row.firstInstance!));
      texts[places.get(row.key)!] = text;
      if (name !== undefined) this.known.set(name, row.version!, text);
    }
  }

  private headersOf(rows: readonly ResourceRow[]): Promise<ReadonlyMap<number, HeaderModel>> {
    return this.headers.some(rows.map(({ firstInstance }) => firstInstance!));
  }
}

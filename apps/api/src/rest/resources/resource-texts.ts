import type { DicomDictionary, HeaderModel, MainDicomTags, TagFormat } from '@annal/dicom';
import type { Level } from '@annal/domain';
import {
  AskedTogether,
  HeaderReader,
  keyOf,
  readResources,
  readVersionsById,
  type ResourceRow,
  type RowContents,
  type Selection,
  type StatementRunner,
  withIdentifier,
  withIdentifiers,
  withKeys,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { DICTIONARY, POOL } from '../../tokens.js';
import { MetadataNames } from '../metadata/metadata-names.js';
import { AskedFor } from './asked-for.js';
import { KnownTexts } from './known-texts.js';
import { legible } from './list-text.js';
import { MAIN_DICOM_TAGS } from './read-tokens.js';
import { RequestedTags } from './requested-tags.js';
import { type ResourceContents, rowContentsOf } from './resource-contents.js';
import { ResourceWriter } from './resource-writer.js';

/** How resources are shown. */
export interface Presentation {
  readonly contents: ResourceContents;
  readonly format: TagFormat;
  /** Tags beside the main ones. */
  readonly requested: readonly number[];
}

/** Resources read at once: few enough to be gone again before the collector takes them for old. */
const BATCH = 100;

/** Longer lists are not indented. */
const LEGIBLE = 10;

/** Resources as JSON texts. */
@Injectable()
export class ResourceTexts {
  private readonly writers = new Map<string, ResourceWriter>();
  private readonly known = new KnownTexts();
  private readonly askedFor = new AskedFor();
  private readonly versions: Readonly<Record<Level, AskedTogether<string, string | undefined>>>;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(MAIN_DICOM_TAGS) private readonly mainTags: MainDicomTags,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(MetadataNames) private readonly names: MetadataNames,
  ) {
    const versions = (level: Level): AskedTogether<string, string | undefined> =>
      new AskedTogether((ids) => readVersionsById(pool, level, ids));
    this.versions = {
      Patient: versions('Patient'),
      Study: versions('Study'),
      Series: versions('Series'),
      Instance: versions('Instance'),
    };
  }

  /**
   * A resource, indented; undefined where there is none. Whoever walks through an archive asks for each once: only of those
   * that are asked for again the version is looked at first, and the text kept.
   */
  async one(level: Level, id: string, presentation: Presentation): Promise<string | undefined> {
    const name = nameOf(level, presentation, 'alone');
    const isAskedAgain = name !== undefined && this.askedFor.mark(id);
    if (isAskedAgain) {
      const version = await this.versions[level].get(id);
      if (version === undefined) return undefined;
      const text = this.known.get(name, version);
      if (text !== undefined) return text;
    }
    const [found] = await this.written(level, withIdentifier(level, id), presentation);
    if (!found) return undefined;
    const text = legible(found.text);
    if (isAskedAgain) this.known.set(name, found.row.version!, text);
    return text;
  }

  /** The resources of a selection. */
  async read(level: Level, selection: Selection, presentation: Presentation): Promise<readonly string[]> {
    const rows = await this.written(level, selection, presentation);
    return rows.map(({ text }) => text);
  }

  /** The resources of a level with these identifiers, those that are there, by identifier. */
  async named(level: Level, ids: readonly string[], presentation: Presentation): Promise<ReadonlyMap<string, string>> {
    const rows = await this.written(level, withIdentifiers(level, ids), presentation);
    return new Map(rows.map(({ row, text }) => [row.id, text]));
  }

  /**
   * The entries of a list of the resources of these versions that are still there, in batches; only those that are not
   * known yet are read.
   */
  async *of(
    level: Level,
    versions: readonly string[],
    presentation: Presentation,
  ): AsyncGenerator<readonly string[], void> {
    const isLegible = versions.length <= LEGIBLE;
    const name = nameOf(level, presentation, isLegible ? 'in a short list' : 'in a long list');
    const shown = isLegible ? (text: string) => legible(text, true) : (text: string) => text;
    for (let at = 0; at < versions.length; at += BATCH) {
      const batch = versions.slice(at, at + BATCH);
      const texts = batch.map((version) => (name === undefined ? undefined : this.known.get(name, version)));
      if (texts.includes(undefined)) await this.complete(texts, batch, level, presentation, shown, name);
      yield texts.filter((text) => text !== undefined);
    }
  }

  /** Reads the resources whose texts are missing. @param name of the presentation, if they are to be known from now on */
  private async complete(
    texts: (string | undefined)[],
    versions: readonly string[],
    level: Level,
    presentation: Presentation,
    shown: (text: string) => string,
    name: string | undefined,
  ): Promise<void> {
    const places = new Map<number, number>();
    versions.forEach((version, place) => {
      if (texts[place] === undefined) places.set(keyOf(version), place);
    });
    for (const { row, text } of await this.written(level, withKeys(level, [...places.keys()]), presentation)) {
      const entry = shown(text);
      texts[places.get(row.key)!] = entry;
      if (name !== undefined) this.known.set(name, row.version!, entry);
    }
  }

  private async written(
    level: Level,
    selection: Selection,
    { contents, format, requested }: Presentation,
  ): Promise<readonly { readonly row: ResourceRow; readonly text: string }[]> {
    const own: RowContents = { ...rowContentsOf(contents), version: true };
    const writer = this.writer(level, format);
    if (requested.length === 0) {
      const rows = await readResources(this.pool, selection, {}, own);
      return rows.map((row) => ({ row, text: writer.write(row, contents) }));
    }
    const tags = new RequestedTags(this.dictionary, this.mainTags, level, requested);
    const rows = await readResources(this.pool, selection, {}, merged(own, tags.contents));
    const headers = tags.needsHeaders ? await this.firstHeaders(rows) : undefined;
    return rows.map((row) => ({
      row,
      text: writer.write(row, contents, tags.values(row, headers?.get(row.firstInstance!))),
    }));
  }

  private writer(level: Level, format: TagFormat): ResourceWriter {
    const name = `${level} ${format}`;
    let writer = this.writers.get(name);
    if (!writer) {
      this.writers.set(name, (writer = new ResourceWriter(this.dictionary, this.names, level, format)));
    }
    return writer;
  }

  private async firstHeaders(rows: readonly ResourceRow[]): Promise<ReadonlyMap<number, HeaderModel>> {
    const headers = new Map<number, HeaderModel>();
    for await (const [key, model] of this.headers.all(rows.map(({ firstInstance }) => firstInstance!))) {
      headers.set(key, model);
    }
    return headers;
  }
}

/** Of all that decides how a version is written; undefined where it may change without the resource, as other tags do. */
function nameOf(level: Level, { contents, format, requested }: Presentation, place: string): string | undefined {
  return requested.length > 0 ? undefined : `${level} ${format} ${place} ${Object.values(contents).join()}`;
}

function merged(a: RowContents, b: RowContents): RowContents {
  const given = Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined && value !== false));
  return { ...a, ...given };
}

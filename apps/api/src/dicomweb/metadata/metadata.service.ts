import { ANNAL_VERSION, type AnnalConfiguration } from '@annal/platform';
import { readSeriesVersions, type SeriesVersion, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIGURATION, POOL } from '../../tokens.js';
import { LocateService } from '../common/locate.service.js';
import { BLOCK, BlockMaker } from './block-maker.js';
import type { MetadataBlock } from './metadata-block.js';
import { MetadataBlocks } from './metadata-blocks.js';
import type { MetadataMode } from './metadata-mode.js';

/** The metadata that a request asks for: what tells their version, and they themselves, block by block. */
export interface FoundMetadata {
  /** Two of the same identity say the same, but for the base of their URLs. */
  readonly identity: readonly string[];
  /** All blocks, where they are ready. */
  ready(): readonly MetadataBlock[] | undefined;
  blocks(): AsyncGenerator<MetadataBlock, void>;
}

/** Finds metadata (PS3.18 section 10.4.1.1.2), made once and kept as long as there is room. */
@Injectable()
export class MetadataService {
  private readonly kept: MetadataBlocks;
  private readonly modes: Readonly<Record<'study' | 'series', MetadataMode>>;
  /** What of the configuration changes what is said. */
  private readonly settings: readonly string[];

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) { Annal, Dictionary, DicomWeb, ExtraMainDicomTags }: AnnalConfiguration,
    @Inject(LocateService) private readonly resources: LocateService,
    @Inject(BlockMaker) private readonly maker: BlockMaker,
  ) {
    this.kept = new MetadataBlocks(Annal.Limits.MetadataCacheSize);
    this.modes = { study: DicomWeb.StudiesMetadata, series: DicomWeb.SeriesMetadata };
    const { StudiesMetadataExtrapolatedTags: study, SeriesMetadataExtrapolatedTags: series } = DicomWeb;
    this.settings = [ANNAL_VERSION, JSON.stringify([Dictionary, ExtraMainDicomTags, study, series])];
  }

  /** Of a study, or of one of its series. @throws OrthancError 404 */
  async found(study: string, series?: string): Promise<FoundMetadata> {
    const all = await readSeriesVersions(this.pool, study);
    const wanted = series === undefined ? all : all.filter(({ seriesUid }) => seriesUid === series);
    const isOneStudy = new Set(wanted.map(({ studyKey }) => studyKey)).size === 1;
    if (!isOneStudy || (series !== undefined && wanted.length > 1)) {
      await this.resources.find({ study, ...(series !== undefined && { series }) });
    }
    const mode = this.modes[series === undefined ? 'study' : 'series'];
    const siblings = all.filter(({ studyKey }) => studyKey === wanted[0]?.studyKey);
    // what is extrapolated comes from the whole study
    const ofStudy = siblings.map(({ version }) => version).join();
    const versionOf = ({ version }: SeriesVersion): string => (mode === 'Extrapolate' ? ofStudy : version);
    return {
      identity: [...this.settings, mode, ...wanted.map(versionOf)],
      ready: () => this.ready(wanted, mode, versionOf),
      blocks: () => this.blocks(wanted, mode, versionOf),
    };
  }

  /** Of one instance, always in full. @throws OrthancError 404 */
  async instance(study: string, series: string, instance: string): Promise<MetadataBlock | undefined> {
    const found = await this.resources.find({ study, series, instance });
    return this.maker.instance(found.instance!.key, { study, series, instance });
  }

  private ready(
    series: readonly SeriesVersion[],
    mode: MetadataMode,
    versionOf: (series: SeriesVersion) => string,
  ): readonly MetadataBlock[] | undefined {
    const blocks: MetadataBlock[] = [];
    for (const each of series) {
      for (let number = 0, count = BLOCK; count === BLOCK; number++) {
        const block = this.kept.get(nameOf(each, mode, number), versionOf(each));
        if (!block) return undefined;
        blocks.push(block);
        count = block.count;
      }
    }
    return blocks;
  }

  /** The next one is read and made while one is sent. */
  private async *blocks(
    series: readonly SeriesVersion[],
    mode: MetadataMode,
    versionOf: (series: SeriesVersion) => string,
  ): AsyncGenerator<MetadataBlock, void> {
    const make = (each: SeriesVersion | undefined, number = 0, after = 0): Promise<MetadataBlock> | undefined => {
      if (!each) return undefined;
      const made = this.kept.make(nameOf(each, mode, number), versionOf(each), () =>
        this.maker.block(each, mode, after),
      );
      // whoever waits for it hears of its failure; nobody, where the client has gone
      made.catch(() => undefined);
      return made;
    };
    let ahead = make(series[0]);
    for (const [at, each] of series.entries()) {
      let next = ahead;
      ahead = make(series[at + 1]);
      for (let number = 1; next; number++) {
        const block: MetadataBlock = await next;
        next = block.count === BLOCK ? make(each, number, block.lastKey) : undefined;
        yield block;
      }
    }
  }
}

function nameOf({ seriesKey }: SeriesVersion, mode: MetadataMode, number: number): string {
  return `${mode} ${seriesKey} ${number}`;
}

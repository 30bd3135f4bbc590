import { type BodyPart, MalformedMultipart, MultipartReader, MultipartTooLarge } from '@annal/dicomweb';
import type { EventContext } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { type InstanceUids, MissingIdentifier, NotDicom } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { HttpError, OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { Gate } from '../../load/gate.js';
import { Intake } from '../../intake/intake.js';
import { CONFIGURATION, LOGGER } from '../../tokens.js';
import { failureOf, OtherStudy } from './failure-reason.js';
import { MetadataStore } from './metadata/metadata-store.js';
import { partType, type Payload } from './stow-media-types.js';
import type { StowOutcome } from './stow-outcome.js';

/** Under which conditions instances are stored. */
export interface StowOrigin {
  readonly context: EventContext;
  /** The study that all instances must be of. */
  readonly study: string | undefined;
}

/** So many instances of one request are under way: one is received while others become durable. */
const AT_ONCE = 8;

/** Stores what requests bring, part by part as they come in: one that fails does not keep the others out. */
@Injectable()
export class StowService {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly intake: Intake,
    private readonly metadata: MetadataStore,
  ) {}

  /**
   * Stores the instances of a body; the outcomes are in the order of its parts.
   * @throws OrthancError 413, and what reading the body throws: what was complete before is stored nevertheless
   */
  async store(body: AsyncIterable<Buffer>, payload: Payload, origin: StowOrigin): Promise<readonly StowOutcome[]> {
    const storeFile = (content: AsyncIterable<Buffer>): Promise<StowOutcome> => this.storeFile(content, origin);
    if (payload.boundary === undefined) return [await storeFile(body)];
    const { MaxMultipartParts: parts, MaxMultipartHeaderSize: headerSize } = this.configuration.Annal.Limits;
    try {
      const reader = new MultipartReader(body, payload.boundary, { parts, headerSize });
      if (payload.type === 'application/dicom') return await this.storeFiles(reader, origin);
      return await this.metadata.store(reader, payload.type, storeFile, (error) => this.failed(error));
    } catch (error) {
      if (error instanceof MalformedMultipart) throw new OrthancError('BadFileFormat', error.message);
      throw error instanceof MultipartTooLarge ? tooLarge(error.message) : error;
    }
  }

  private async storeFiles(reader: MultipartReader, origin: StowOrigin): Promise<readonly StowOutcome[]> {
    const gate = new Gate(AT_ONCE);
    const outcomes: Promise<StowOutcome>[] = [];
    try {
      for (let part = await reader.next(); part; part = await reader.next()) {
        const { headers, content }: BodyPart = part;
        const { type } = partType(headers.get('content-type'), 'application/dicom');
        outcomes.push(
          gate
            .run(async () => {
              if (type !== 'application/dicom') return this.failed(new NotDicom('The part is no DICOM file'));
              return this.storeFile(content, origin);
            })
            .finally(() => content.return()),
        );
      }
    } catch (error) {
      const settled = await Promise.all(outcomes);
      if (!(error instanceof MalformedMultipart)) throw error;
      // a part that was cut has said so itself
      const last = settled.at(-1);
      return last && 'failure' in last ? settled : [...settled, this.failed(error)];
    }
    return Promise.all(outcomes);
  }

  private async storeFile(content: AsyncIterable<Buffer>, { context, study }: StowOrigin): Promise<StowOutcome> {
    let uids: InstanceUids | undefined;
    const accept = (found: InstanceUids): void => {
      uids = found;
      if (found.sopClassUid === '') throw new MissingIdentifier('There is no SOPClassUID');
      if (study !== undefined && found.studyInstanceUid !== study) throw new OtherStudy(found);
    };
    try {
      const stored = await this.intake.storeInTurn(content, { context, accept });
      return { stored, uids: uids! };
    } catch (error) {
      return this.failed(error, uids);
    }
  }

  private failed(error: unknown, uids?: InstanceUids): StowOutcome {
    const failure = failureOf(error);
    if (!(error instanceof HttpError) && (failure.kind === 'unavailable' || failure.kind === 'internal')) {
      // only the type: messages of libraries may hold data of patients
      const type = error instanceof Error ? error.name : typeof error;
      this.logger.error({ err: { type } }, 'An instance of a STOW-RS request could not be stored');
    }
    const claimed = failure.claimed ?? (uids?.sopClassUid === '' ? undefined : uids);
    return { failure: { ...failure, ...(claimed && { claimed }) } };
  }
}

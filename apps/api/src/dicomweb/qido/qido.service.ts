import type { DicomDictionary, MainDicomTags } from '@annal/dicom';
import {
  acceptedForm,
  parseQidoParameters,
  type QidoForm,
  type QidoParameters,
  WrongQidoParameter,
} from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { type FindQuery, ResourceFinder, UnsupportedQuery, WildcardNotAllowed } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { OrthancError } from '../../http/errors/http-errors.js';
import { queryPairs } from '../../http/query-string.js';
import { MAIN_DICOM_TAGS } from '../../rest/resources/read-tokens.js';
import { CONFIGURATION, DICTIONARY } from '../../tokens.js';
import { acceptIn } from '../common/accept.js';
import { WebUrls } from '../common/web-urls.js';
import { forClient } from './answer-writer.js';
import { FindQueryWriter, type SearchScope } from './find-query.js';
import { jsonAnswer, xmlAnswer } from './qido-answer.js';
import { QidoTexts } from './qido-texts.js';
import { ShownAttributes } from './shown-attributes.js';

/** Said of an answer that this server's limits cut (PS3.18 section 8.3.4.4). */
const CUT =
  '299 Annal "The number of results exceeded the maximum supported by the server. Additional results can be requested."';

/** QIDO-RS: searches for studies, series and instances (PS3.18 section 10.6). */
@Injectable()
export class QidoService {
  private readonly queries: FindQueryWriter;
  private readonly strict: boolean;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(MAIN_DICOM_TAGS) private readonly mainTags: MainDicomTags,
    @Inject(ResourceFinder) private readonly finder: ResourceFinder,
    @Inject(QidoTexts) private readonly texts: QidoTexts,
    @Inject(WebUrls) private readonly urls: WebUrls,
  ) {
    const { Annal, CaseSensitivePN, DicomWeb } = configuration;
    this.strict = Annal.DicomWebStrictStatus;
    this.queries = new FindQueryWriter(dictionary, DicomWeb.QidoCaseSensitive ?? CaseSensitivePN);
  }

  /** Answers a search. @throws OrthancError 400, 406 */
  async search(request: FastifyRequest, reply: FastifyReply, scope: SearchScope): Promise<string | Readable> {
    const form = this.formFor(request);
    const parameters = this.parametersOf(request);
    const query = queryOf(() => this.queries.write(scope, parameters));
    const versions = await this.versionsOf(query, reply);
    if (versions.length === 0 && this.strict) {
      reply.status(204);
      return '';
    }
    const shown = new ShownAttributes(this.dictionary, this.mainTags, scope, parameters);
    const batches = this.batches(versions, shown, this.urls.base(request));
    if (form === 'json') {
      reply.header('Content-Type', 'application/dicom+json');
      return jsonAnswer(batches);
    }
    const { contentType, body } = xmlAnswer(batches, this.dictionary);
    reply.header('Content-Type', contentType);
    return body;
  }

  /** DICOM JSON also for who accepts neither form, as Orthanc answers, unless the standard's statuses are wanted. */
  private formFor(request: FastifyRequest): QidoForm {
    const form = acceptedForm(acceptIn(request));
    if (form === undefined && this.strict) throw new OrthancError('NotAcceptable');
    return form ?? 'json';
  }

  private parametersOf({ url }: FastifyRequest): QidoParameters {
    const { MaxQueryParameters: parameters, MaxQueryAttributes: attributes } = this.configuration.Annal.Limits;
    return queryOf(() => parseQidoParameters(queryPairs(url), this.dictionary, { parameters, attributes }));
  }

  /** What is found, within the limits of the configuration; the answer says so where they cut it. */
  private async versionsOf(query: FindQuery, reply: FastifyReply): Promise<readonly string[]> {
    const maximum = this.maximum(query);
    const limit = Math.min(query.limit ?? Infinity, maximum + 1);
    try {
      const versions = await this.finder.versions({ ...query, limit }, 'lineage');
      if (versions.length <= maximum) return versions;
      reply.header('Warning', CUT);
      return versions.slice(0, maximum);
    } catch (error) {
      throw error instanceof UnsupportedQuery ? new OrthancError('BadRequest', error.message) : error;
    }
  }

  private maximum({ level }: FindQuery): number {
    const { LimitFindInstances, LimitFindResults, Annal } = this.configuration;
    const configured = level === 'Instance' ? LimitFindInstances : LimitFindResults;
    return Math.min(configured > 0 ? configured : Infinity, Annal.Limits.MaxQueryResults);
  }

  private async *batches(
    versions: readonly string[],
    shown: ShownAttributes,
    base: string,
  ): AsyncGenerator<readonly string[], void> {
    for await (const batch of this.texts.of(versions, shown)) {
      if (batch.length > 0) yield batch.map((text) => forClient(text, base));
    }
  }
}

/** What a client's parameters make. @throws OrthancError 400 */
function queryOf<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof WildcardNotAllowed) throw new OrthancError('ParameterOutOfRange', error.message);
    if (!(error instanceof WrongQidoParameter)) throw error;
    throw new OrthancError(error.kind === 'number' ? 'BadFileFormat' : 'BadRequest', error.message);
  }
}

import { type AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readText } from '../../http/body/read-body.js';
import { parseJson } from '../../http/body/parse-json.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersJson, AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { CONFIGURATION, RUNTIME_SETTINGS } from '../../tokens.js';
import { conformanceStatement } from './conformance-statement.js';
import { readBoolean } from '../../http/body/read-boolean.js';
import { STORAGE_CLASSES } from './storage-classes.js';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.js';
import { uidMatcher } from './uid-patterns.js';

const MAX_PATTERNS = 1000;
const MAX_PATTERN_LENGTH = 64;

/** What the DICOM server takes. */
@ApiTags('System')
@Controller('tools')
export class AcceptedStorageController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
  ) {}

  @Get('accepted-transfer-syntaxes')
  @ApiOperation({ summary: 'The transfer syntaxes that the DICOM server takes' })
  @AnswersJson(NAMES)
  transferSyntaxes(): string[] {
    return TRANSFER_SYNTAXES.filter(uidMatcher(this.settings.get('acceptedTransferSyntaxes')));
  }

  @Put('accepted-transfer-syntaxes')
  @ApiOperation({ summary: 'Change them until the server stops: a UID or pattern, or a JSON list of them' })
  @ApiConsumes('application/json', 'text/plain')
  @ApiBody({ schema: { type: 'array', items: { type: 'string' } } })
  @AnswersJson(NAMES)
  async changeTransferSyntaxes(@Req() request: FastifyRequest): Promise<string[]> {
    await this.settings.set('acceptedTransferSyntaxes', patternsIn(await readText(request)));
    return this.transferSyntaxes();
  }

  @Get('accepted-sop-classes')
  @ApiOperation({ summary: 'The storage classes that the DICOM server takes' })
  @AnswersJson(NAMES)
  sopClasses(): string[] {
    const { AcceptedSopClasses: accepted, RejectedSopClasses: rejected } = this.configuration;
    const refuses = uidMatcher(rejected);
    const takes = accepted.length === 0 ? () => true : uidMatcher(accepted);
    return STORAGE_CLASSES.filter((uid) => takes(uid) && !refuses(uid));
  }

  @Get('dicom-conformance')
  @ApiOperation({ summary: 'The DICOM conformance statement' })
  @AnswersText('The statement')
  conformance(): string {
    return conformanceStatement({ sopClasses: this.sopClasses(), transferSyntaxes: this.transferSyntaxes() });
  }

  @Get('unknown-sop-class-accepted')
  @ApiOperation({ summary: 'Whether it takes storage classes that it does not know' })
  @AnswersText('Whether it does', ['0', '1'])
  unknownSopClasses(): string {
    return this.settings.get('unknownSopClassAccepted') ? '1' : '0';
  }

  @Put('unknown-sop-class-accepted')
  @ApiOperation({ summary: 'Take them or not, until the server stops' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', enum: ['0', '1', 'false', 'true'] } })
  @AnswersNothing()
  async changeUnknownSopClasses(@Req() request: FastifyRequest): Promise<string> {
    await this.settings.set('unknownSopClassAccepted', await readBoolean(request));
    return '';
  }
}

/** A JSON list of strings, a JSON string, or a pattern as it stands. @throws OrthancError 400 */
function patternsIn(body: string): string[] {
  const value = parseJson(body, 2);
  const patterns = value === undefined ? [body.trim()] : typeof value === 'string' ? [value] : value;
  const wrong = new OrthancError('BadFileFormat');
  if (!Array.isArray(patterns) || patterns.length > MAX_PATTERNS) throw wrong;
  return patterns.map((pattern) => {
    if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN_LENGTH) throw wrong;
    return pattern;
  });
}

import { ProtectPatient } from '@annal/domain';
import { type AnnalConfiguration, PostgresAnnotationLookup } from '@annal/platform';
import { Controller, Get, Inject, Param, Put, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readBoolean } from '../../http/body/read-boolean.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import { TakesText } from '../../http/open-api/takes.js';

@ApiTags('Patients')
@Controller('patients/:id/protected')
export class ProtectionController {
  constructor(
    @Inject(PostgresAnnotationLookup) private readonly lookup: PostgresAnnotationLookup,
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Whether the patient is protected from being recycled: 1 or 0' })
  @AnswersText('Whether it is protected', ['0', '1'])
  async read(@Param('id') id: string): Promise<string> {
    const isProtected = await this.lookup.isProtected(id);
    if (isProtected === undefined) throw unknownPatient();
    return isProtected ? '1' : '0';
  }

  @Put()
  @Writes()
  @ApiOperation({ summary: 'Protect the patient from being recycled (1), or not any more (0)' })
  @TakesText('Whether it is protected', ['0', '1', 'false', 'true'])
  @AnswersNothing()
  async protect(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    const context = eventContextOf(request, this.configuration.Name);
    const isProtected = await readBoolean(request);
    const result = await this.commands.execute(new ProtectPatient(id, isProtected, context));
    if (result === 'not-found') throw unknownPatient();
    return '';
  }
}

/** What Orthanc says of a patient that is not there. */
function unknownPatient(): OrthancError {
  return new OrthancError('ParameterOutOfRange');
}

import { randomUUID } from 'node:crypto';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../http/errors/http-errors.js';

const UID_LEVELS = ['study', 'series', 'instance'];

@ApiTags('System')
@Controller('tools/generate-uid')
export class GenerateUidController {
  @Get()
  @ApiOperation({ summary: 'A new DICOM identifier' })
  @ApiQuery({ name: 'level', enum: ['patient', ...UID_LEVELS] })
  @ApiOkResponse({
    description: 'A UID, a UUID for a patient',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  generate(@Query('level') level?: string): string {
    if (level === 'patient') return randomUUID();
    if (level === undefined || !UID_LEVELS.includes(level)) throw notFound();
    return uidOf(randomUUID());
  }
}

/** A UID from a UUID (PS3.5 section B.2). */
export function uidOf(uuid: string): string {
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
}

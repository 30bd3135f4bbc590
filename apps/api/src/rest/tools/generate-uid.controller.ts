import { randomUUID } from 'node:crypto';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersText } from '../../http/open-api/answers.js';

const UID_LEVELS = ['study', 'series', 'instance'];

@ApiTags('System')
@Controller('tools/generate-uid')
export class GenerateUidController {
  @Get()
  @ApiOperation({ summary: 'A new DICOM identifier' })
  @ApiQuery({ name: 'level', enum: ['patient', ...UID_LEVELS] })
  @AnswersText('A UID, a UUID for a patient')
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

import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { AnswersBytes } from '../../http/open-api/answers.js';
import type { Schema } from '../../http/open-api/schema.js';
import { DICOM_JSON_LIST } from './dicom-json-description.js';

/** What the description of a route says (PS3.18 section 8.9), beside its path. */
interface RouteDescription {
  readonly summary: string;
  /** Media types of its answers, the default first. */
  readonly types: readonly string[];
  /** Names of parameters in the query. */
  readonly query?: readonly string[];
  /** Of answers in JSON; a list of data sets without it. */
  readonly json?: Schema;
}

/** Describes a route, for the capabilities of the services and for the description of the whole API. */
export function Serves({ summary, types, query = [], json = DICOM_JSON_LIST }: RouteDescription): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    AnswersBytes(types, json),
    ...query.map((name) => ApiQuery({ name, required: false, type: String })),
  );
}

/** A multipart type whose parts are of another type (RFC 2387). */
export function partsOf(type: string): string {
  return `multipart/related; type="${type}"`;
}

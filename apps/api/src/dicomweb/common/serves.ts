import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';

/** What the description of a route says (PS3.18 section 8.9), beside its path. */
interface RouteDescription {
  readonly summary: string;
  /** Media types of its answers, the default first. */
  readonly types: readonly string[];
  /** Names of parameters in the query. */
  readonly query?: readonly string[];
}

/** Describes a route, for the capabilities of the services and for the description of the whole API. */
export function Serves({ summary, types, query = [] }: RouteDescription): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiProduces(...types),
    // types without a schema are not described
    ApiOkResponse({ schema: {} }),
    ...query.map((name) => ApiQuery({ name, required: false, type: String })),
  );
}

/** A multipart type whose parts are of another type (RFC 2387). */
export function partsOf(type: string): string {
  return `multipart/related; type="${type}"`;
}

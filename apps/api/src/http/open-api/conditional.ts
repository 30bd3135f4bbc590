import { applyDecorators } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNotModifiedResponse, ApiPartialContentResponse } from '@nestjs/swagger';
import { contentOf } from './answers.js';

/** Says that a route answers without a body where the client has what it would answer. */
export function AnswersOnlyNews(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag of what the client has' }),
    ApiNotModifiedResponse({ description: 'The client has it' }),
  );
}

/** Says that a route changes what is there only where it still is what the client has seen. */
export function ReplacesKnown(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag of what is there; required where CheckRevisions is on and something is there',
    }),
    ApiConflictResponse({ description: 'Something else is there by now, or If-Match is missing' }),
  );
}

/** Says that a route answers with a range of bytes where one is asked for. */
export function AnswersRanges(...types: readonly string[]): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'Range', required: false, description: 'The bytes that are asked for: bytes=FIRST-LAST' }),
    ApiPartialContentResponse({ description: 'These bytes', content: contentOf(types) }),
  );
}

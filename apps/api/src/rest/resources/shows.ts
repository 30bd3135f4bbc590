import type { Level } from '@annal/domain';
import { applyDecorators } from '@nestjs/common';
import { AnswersJson } from '../../http/open-api/answers.js';
import { Asks } from '../../http/open-api/asks.js';
import { BELOW_QUERY, RESOURCE_QUERY } from './list-description.js';
import { resourceOf, resourcesOf } from './resource-description.js';

/** Says that a route shows a resource of a level. */
export function ShowsResource(level: Level): MethodDecorator {
  return applyDecorators(Asks(RESOURCE_QUERY), AnswersJson(resourceOf(level)));
}

/** Says that a route shows resources of a level below another one. */
export function ShowsResources(level: Level): MethodDecorator {
  return applyDecorators(Asks(BELOW_QUERY), AnswersJson(resourcesOf(level)));
}

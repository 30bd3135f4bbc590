import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Marks a route that changes what is stored. In ReadOnly mode it is not there: the path answers 405, with the methods
 * that are left, or 404.
 */
export const Writes = (): MethodDecorator & ClassDecorator => RouteConfig({ writes: true });

/** Whether a route was marked by `Writes`. */
export function isWrite(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'writes' in config && config.writes === true;
}

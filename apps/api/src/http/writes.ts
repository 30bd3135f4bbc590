import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Marks a route, or all routes of a controller, as changing what is stored. In ReadOnly mode they are not there: the
 * path answers 405, with the methods that are left, or 404.
 */
export function Writes(): MethodDecorator & ClassDecorator {
  const mark = RouteConfig({ writes: true });
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (key !== undefined && descriptor) {
      mark(target, key, descriptor);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== 'constructor' && typeof method.value === 'function') mark(prototype, name, method);
    }
  };
}

/** Whether a route was marked by `Writes`. */
export function isWrite(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'writes' in config && config.writes === true;
}

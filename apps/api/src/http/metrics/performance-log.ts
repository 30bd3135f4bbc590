import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/**
 * Logs how long each answer below a path took (`DicomWeb.EnablePerformanceLogs`). Routes are patterns: no identifiers in
 * logs.
 * @param root with slashes at both ends
 */
export function logPerformance(fastify: FastifyInstance, root: string, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && `${route}/`.startsWith(root)) {
      const { statusCode: status, elapsedTime } = reply;
      const { method } = request;
      logger.info({ method, route, status, milliseconds: Math.round(elapsedTime) }, 'A DICOMweb request was answered');
    }
    done();
  });
}

import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { RuntimeSettings } from '../../server/runtime-settings.js';

const duration = new Histogram({
  name: 'annal_http_request_duration_seconds',
  help: 'Time from the header of a request to the end of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10, 60],
});
const active = new Gauge({
  name: 'annal_http_active_requests',
  help: 'Requests that are being answered',
  aggregator: 'sum',
});
const refused = new Counter({
  name: 'annal_http_refused_total',
  help: 'Requests refused before they reached a route',
  labelNames: ['status'],
});

/** Counts a request that was refused before routing. */
export function countRefused(status: number): void {
  refused.inc({ status });
}

/** Measures requests, in this process, while metrics are enabled. Routes are patterns: no identifiers in labels. */
export function measureRequests(fastify: FastifyInstance, settings: RuntimeSettings): void {
  fastify.addHook('onRequest', (_request, _reply, done) => {
    active.inc();
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    active.dec();
    if (settings.get('metricsEnabled')) {
      const route = request.routeOptions.url ?? 'none';
      const status = `${Math.floor(reply.statusCode / 100)}xx`;
      duration.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    }
    done();
  });
}

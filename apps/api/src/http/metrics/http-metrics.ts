import type { FastifyInstance } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { RouteDurations } from './route-durations.js';

const durations = new RouteDurations();
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
      durations.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    }
    done();
  });
}

import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import { AggregatorRegistry, Counter, Gauge } from 'prom-client';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { RouteDurations } from './route-durations.js';

const durations = new RouteDurations();
let active = 0;
new Gauge({
  name: 'annal_http_active_requests',
  help: 'Requests that are being answered',
  aggregator: 'sum',
  collect() {
    this.set(active);
  },
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

// a worker answers its primary's wish for what it measured once it has such a registry
if (cluster.isWorker) new AggregatorRegistry();

/** Measures requests, in this process, while metrics are enabled. Routes are patterns: no identifiers in labels. */
export function measureRequests(fastify: FastifyInstance, settings: RuntimeSettings): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    active++;
    // not onResponse: an answer that a client breaks off is closed without having finished
    reply.raw.once('close', () => active--);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (settings.get('metricsEnabled')) {
      const route = request.routeOptions.url ?? 'none';
      durations.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    }
    done();
  });
}

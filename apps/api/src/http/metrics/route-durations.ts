import { type Metric, register } from 'prom-client';

const NAME = 'annal_http_request_duration_seconds';
const HELP = 'Time from the header of a request to the end of its answer';
/** Upper bounds, seconds. */
const BOUNDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10, 60];

interface Durations {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string };
  /** How many were within each bound and in no smaller one; the last: beyond all. */
  readonly counts: number[];
  sum: number;
}

/**
 * How long requests took, by method, route and class of status: a Prometheus histogram that costs a look-up and two
 * additions a request, where the one of prom-client sorts and joins its labels.
 */
export class RouteDurations {
  readonly name = NAME;
  private readonly byRoute = new Map<string, Map<number, Durations>>();

  constructor() {
    // this is all that the registry asks of a metric
    register.registerMetric(this as unknown as Metric);
  }

  /** @param route the route's pattern @param time seconds */
  observe(method: string, route: string, statusCode: number, time: number): void {
    const status = Math.floor(statusCode / 100);
    const found = this.byRoute.get(method + route)?.get(status) ?? this.begin(method, route, status);
    found.sum += time;
    const bound = BOUNDS.findIndex((one) => time <= one);
    found.counts[bound < 0 ? BOUNDS.length : bound]!++;
  }

  /** What was observed so far, for the registry. */
  async get(): Promise<object> {
    const all = [...this.byRoute.values()].flatMap((statuses) => [...statuses.values()]);
    return { name: NAME, help: HELP, type: 'histogram', aggregator: 'sum', values: all.flatMap(valuesOf) };
  }

  /** Forgets everything, for the registry. */
  reset(): void {
    this.byRoute.clear();
  }

  private begin(method: string, route: string, status: number): Durations {
    const durations = {
      labels: { method, route, status: `${status}xx` },
      counts: Array<number>(BOUNDS.length + 1).fill(0),
      sum: 0,
    };
    const statuses = this.byRoute.get(method + route) ?? new Map<number, Durations>();
    this.byRoute.set(method + route, statuses.set(status, durations));
    return durations;
  }
}

function valuesOf({ labels, counts, sum }: Durations): object[] {
  let total = 0;
  const buckets = counts.map((count, index) => ({
    labels: { ...labels, le: BOUNDS[index] ?? '+Inf' },
    value: (total += count),
    metricName: `${NAME}_bucket`,
  }));
  return [
    ...buckets,
    { labels, value: sum, metricName: `${NAME}_sum` },
    { labels, value: total, metricName: `${NAME}_count` },
  ];
}

import { AggregatorRegistry, register } from 'prom-client';
import { RouteDurations } from './route-durations.js';

describe('RouteDurations', () => {
  const durations = new RouteDurations();
  beforeEach(() => durations.reset());
  afterAll(() => register.clear());

  it('is a histogram by route, method and class of status', async () => {
    for (const time of [0.0005, 0.001, 0.3, 100]) durations.observe('GET', '/a/:id', 200, time);
    durations.observe('GET', '/a/:id', 404, 0.01);
    const text = await register.getSingleMetricAsString(durations.name);
    const line = (suffix: string, more = ''): string =>
      `annal_http_request_duration_seconds_${suffix}{method="GET",route="/a/:id",status="2xx"${more}}`;
    expect(text).toContain('# TYPE annal_http_request_duration_seconds histogram');
    for (const [le, count] of [
      ['0.001', 2],
      ['0.1', 2],
      ['0.5', 3],
      ['60', 3],
      ['+Inf', 4],
    ] as const) {
      expect(text).toContain(`${line('bucket', `,le="${le}"`)} ${count}\n`);
    }
    expect(text).toContain(`${line('count')} 4\n`);
    expect(text).toContain(`${line('sum')} 100.3015`);
    expect(text).toContain('status="4xx"} 1');
  });

  it('adds up over processes', async () => {
    durations.observe('GET', '/a', 200, 0.2);
    const one = await register.getMetricsAsJSON();
    const text = await AggregatorRegistry.aggregate([one, one]).metrics();
    expect(text).toContain('annal_http_request_duration_seconds_count{method="GET",route="/a",status="2xx"} 2');
  });
});

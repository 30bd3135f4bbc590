import type { FastifyRequest } from 'fastify';
import { actorOf, correlationIdOf, setUser } from './request-identity.js';

function request(headers: Record<string, string>): FastifyRequest {
  const raw = { socket: { remoteAddress: '::ffff:127.0.0.1' }, headers };
  return { raw, headers } as unknown as FastifyRequest;
}

describe('the identity of a request', () => {
  it('names the user and where the request came from', () => {
    const sent = request({});
    setUser(sent.raw, 'alice');
    expect(actorOf(sent)).toEqual({ protocol: 'http', user: 'alice', remoteAddress: '127.0.0.1' });
    expect(actorOf(request({}))).toEqual({ protocol: 'http', remoteAddress: '127.0.0.1' });
  });

  it("takes over the caller's correlation, if it is one", () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(correlationIdOf(request({ 'x-correlation-id': 'job-7' }))).toBe('job-7');
    expect(correlationIdOf(request({ traceparent: `00-${trace}-00f067aa0ba902b7-01` }))).toBe(trace);
    for (const bad of ['', 'a b', 'x'.repeat(200), '{"a":1}']) {
      expect(correlationIdOf(request({ 'x-correlation-id': bad }))).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

import { jest } from '@jest/globals';
import type { OutgoingHttp } from '../outgoing/outgoing-http.js';
import { requestToken } from './request-token.js';

describe('an access token', () => {
  afterEach(() => jest.useRealTimers());

  it('lasts as long as it says from when it was asked for: its way here took some of that', async () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const answer = { access_token: 'a', expires_in: 60, token_type: 'Bearer' };
    const whole = async (): ReturnType<OutgoingHttp['whole']> => {
      jest.setSystemTime(1_010_000);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
    };
    const tokenUrl = 'http://127.0.0.1:1/token';
    const user = { kind: 'user', tokenUrl, clientId: 'i', clientSecret: 's', refreshToken: 'r' } as const;
    expect(await requestToken(user, { whole }, 1)).toEqual({ text: 'a', expires: 1_060_000 });
  });
});

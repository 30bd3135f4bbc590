import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { frontDoor } from './front-door.js';
import { testConfiguration } from './testing/test-app.js';

function arrive(remoteAddress: string, options: object): number {
  const door = frontDoor(testConfiguration(options), () => undefined);
  const request = {
    url: '/system',
    method: 'GET',
    headers: {},
    socket: Object.assign(new EventEmitter(), { remoteAddress }),
  };
  let status = 200;
  const response = { setHeader: () => undefined, writeHead: (code: number) => (status = code), end: () => undefined };
  door(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  return status;
}

describe('remote access', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('lets %s in as this machine', (address) => {
    expect(arrive(address, {})).toBe(200);
  });

  it.each(['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', '127.evil', ''])(
    'keeps %s out unless it is allowed',
    (address) => {
      expect(arrive(address, {})).toBe(401);
      expect(arrive(address, { RemoteAccessAllowed: true, AuthenticationEnabled: false })).toBe(200);
    },
  );
});

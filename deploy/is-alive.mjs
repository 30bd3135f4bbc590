// Ends with 0 where the server of this container is alive. A port that speaks no HTTP is asked again over HTTPS, whose
// certificate names another host than this one.
import http from 'node:http';
import https from 'node:https';

const PATIENCE_MS = 10_000;
const target = { host: '127.0.0.1', port: process.env.ANNAL_HTTP_PORT ?? 8042, path: '/health/live' };

const isAlive = (protocol) =>
  new Promise((resolve) => {
    const request = protocol.get({ ...target, rejectUnauthorized: false, timeout: PATIENCE_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

process.exit((await isAlive(http)) || (await isAlive(https)) ? 0 : 1);

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { startChromium } from '../../ohif/testing/chromium.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

const browser: Browser | undefined = await startChromium();
if (!browser) process.stderr.write('NOT RUN: forms of other sites in a browser, for there is no Chromium\n');
afterAll(() => browser?.close());

(browser ? describe : describe.skip)('a form in a browser', () => {
  let app: TestApp;
  let other: Server;
  const site = (host: string): string => `http://${host}:${(other.address() as AddressInfo).port}`;
  beforeAll(async () => {
    app = await startTestApp({ AuthenticationEnabled: false });
    const form = `<form method="post" enctype="text/plain" action="http://127.0.0.1:${app.port}/tools/find"><button></form>`;
    other = createServer((_, answer) => void answer.setHeader('Content-Type', 'text/html').end(form));
    await once(other.listen(0), 'listening');
  });
  afterAll(async () => {
    other.closeAllConnections();
    other.close();
    await app.close();
  });

  it.each([
    ['another site is refused', 'localhost', 403],
    ['another port of the same site comes in, and is no JSON', '127.0.0.1', 400],
  ])('of %s', async (_, host, status) => {
    const context = await browser!.newContext();
    const page = await context.newPage();
    await page.goto(site(host));
    const answered = page.waitForResponse(`${app.url}/tools/find`);
    await page.locator('button').click();
    expect((await answered).status()).toBe(status);
    await context.close();
  });
});

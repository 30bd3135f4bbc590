import { PassThrough } from 'node:stream';
import { RequestBody } from './request-body.js';

const none = (): void => undefined;

describe('the body of a request', () => {
  it('is not asked for before somebody wants it', async () => {
    const request = new PassThrough();
    const body = new RequestBody(request, none);
    expect(request.readableFlowing).toBeNull();
    request.end('abc');
    expect(String((await body.next()).value)).toBe('abc');
    expect(await body.next()).toEqual({ done: true, value: undefined });
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it('comes whole and in order', async () => {
    const request = new PassThrough();
    const sent = Array.from({ length: 500 }, (_, i) => Buffer.alloc(3000, i));
    void (async () => {
      for (const chunk of sent)
        if (!request.write(chunk)) await new Promise((resolve) => request.once('drain', resolve));
      request.end();
    })();
    const chunks: Buffer[] = [];
    for await (const chunk of new RequestBody(request, none)) {
      chunks.push(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(Buffer.concat(chunks).equals(Buffer.concat(sent))).toBe(true);
  });

  it('holds the sender up while nobody takes what came', async () => {
    const request = new PassThrough({ highWaterMark: 16 * 1024 });
    const body = new RequestBody(request, none);
    let written = 0;
    request.write(Buffer.alloc(1000));
    await body.next();
    while (request.write(Buffer.alloc(16 * 1024)) || written < 512 * 1024) {
      written += 16 * 1024;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(request.isPaused()).toBe(true);
    let taken = 0;
    request.end();
    for await (const chunk of body) taken += chunk.length;
    expect(taken).toBeGreaterThanOrEqual(written);
  });

  it('ends with the error of a check, of the request, or that it was cut off', async () => {
    const checked = new PassThrough();
    const body = new RequestBody(checked, (received) => {
      if (received > 3) throw new Error('too long');
    });
    checked.write('abcd');
    await expect(body.next()).rejects.toThrow('too long');

    const broken = new PassThrough();
    const second = new RequestBody(broken, none);
    const next = second.next();
    broken.destroy(new Error('aborted'));
    await expect(next).rejects.toThrow('aborted');

    const cut = new PassThrough();
    cut.destroy();
    await expect(new RequestBody(cut, none).next()).rejects.toThrow('closed before');
  });

  it('lets go by what nobody wants, as long as it is no more than may come', async () => {
    const request = new PassThrough();
    request.write('abc');
    const body = new RequestBody(request, (received) => {
      if (received > 9) throw new Error('too long');
    });
    for await (const chunk of body) {
      expect(String(chunk)).toBe('abc');
      break;
    }
    expect(request.destroyed).toBe(false);
    for (const rest of ['def', 'ghi']) {
      request.write(rest);
      await new Promise((resolve) => setImmediate(resolve));
      expect([request.readableLength, request.isPaused()]).toEqual([0, false]);
    }
    request.write('jkl');
    await new Promise((resolve) => setImmediate(resolve));
    expect([request.isPaused(), request.listenerCount('data')]).toEqual([true, 0]);
  });
});

import { freedOnceSent } from './freed-once-sent.js';

describe('a body that is freed once it was sent', () => {
  const large = (): Buffer => Buffer.from(new ArrayBuffer(1024 * 1024));

  it('is there until more is asked for', async () => {
    const bytes = large();
    const body = freedOnceSent(bytes);
    expect((await body.next()).value).toBe(bytes);
    expect(bytes).toHaveLength(1024 * 1024);
    expect(await body.next()).toMatchObject({ done: true });
    expect(bytes).toHaveLength(0);
  });

  it('stays where the connection broke, or may still hold it', async () => {
    const [broken, small] = [large(), Buffer.from(new ArrayBuffer(1024))];
    const body = freedOnceSent(broken);
    await body.next();
    await body.return();
    for await (const piece of freedOnceSent(small)) expect(piece).toBe(small);
    expect([broken.length, small.length]).toEqual([1024 * 1024, 1024]);
  });
});

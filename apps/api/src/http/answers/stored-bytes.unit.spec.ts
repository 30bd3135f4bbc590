import { buffer } from 'node:stream/consumers';
import { IN_ONE_PIECE } from './sent-bytes.js';
import { storedBytesOnceRead } from './stored-bytes.js';

describe('stored bytes that may not be sent after all', () => {
  const opened: number[] = [];
  const stored = (size: number, there = size): Parameters<typeof storedBytesOnceRead>[1] => ({
    read: async () => Buffer.alloc(there),
    open: async () => {
      opened.push(size);
      return (async function* (): AsyncGenerator<Buffer> {
        yield Buffer.alloc(there);
      })();
    },
  });
  beforeEach(() => void opened.splice(0));

  it('are read at once where they are few', async () => {
    const { size, bytes } = await storedBytesOnceRead(3, stored(3));
    expect([size, bytes, opened]).toEqual([3, Buffer.alloc(3), []]);
    await expect(storedBytesOnceRead(3, stored(3, 2))).rejects.toMatchObject({ status: 500 });
  });

  it('are not opened before somebody reads them where they are many', async () => {
    const many = IN_ONE_PIECE + 1;
    const { size, bytes } = await storedBytesOnceRead(many, stored(many));
    expect([size, opened]).toEqual([many, []]);
    const read = await buffer(bytes as AsyncIterable<Buffer>);
    expect([read.length, opened]).toEqual([many, [many]]);
    const cut = await storedBytesOnceRead(many, stored(many, many - 1));
    await expect(buffer(cut.bytes as AsyncIterable<Buffer>)).rejects.toMatchObject({ status: 500 });
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { ArchiveServer, type UploadAnswer } from '../support/archive-server.js';
import { orphanBlobs } from '../support/archive-checks.js';
import { largeFile } from '../support/large-file.js';
import { TestBucket } from '../support/s3/test-bucket.js';
import { startTestS3 } from '../support/s3/test-s3.js';
import { peakMemory } from '../support/peak-memory.js';
import { workersOf } from '../support/processes.js';

const MIB = 1024 * 1024;
/** MiB of pixels, made while they are sent. */
const SIZE = 300;

const s3 = await startTestS3();
afterAll(() => s3?.stop());
const Encryption = { Keys: [{ Id: 'a', Key: randomBytes(32).toString('base64') }] };

describe.each([['a file', false] as const, ...(s3 ? [['an encrypted object of S3', true] as const] : [])])(
  'a very large file, kept as %s,',
  (_, inS3) => {
    let server: ArchiveServer;
    let bucket: TestBucket | undefined;
    beforeAll(async () => {
      bucket = inS3 ? await TestBucket.make(s3!) : undefined;
      const Storage = bucket ? { Kind: 's3', S3: bucket.options(), Encryption } : {};
      server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1, Storage } } });
    });
    afterAll(async () => {
      await server.close();
      await bucket?.remove();
    });

    it('is stored and read back while memory stays flat, also two at once', async () => {
      const peak = await peakMemory(workersOf(server.pid), async () => {
        const uploads = await Promise.all(
          [1, 2].map(async (instance) => {
            const hash = createHash('md5');
            const body = Readable.from(
              (function* () {
                for (const piece of largeFile({ sopUid: `1.2.3.${instance}` }, SIZE)) {
                  hash.update(piece);
                  yield piece;
                }
              })(),
            );
            const response = await server.fetch('/instances', {
              method: 'POST',
              body: Readable.toWeb(body) as ReadableStream,
              duplex: 'half',
            });
            return { status: response.status, ...((await response.json()) as UploadAnswer), md5: hash.digest('hex') };
          }),
        );
        expect(uploads.map(({ status, Status }) => [status, Status])).toEqual([
          [200, 'Success'],
          [200, 'Success'],
        ]);
        for (const { ID, md5 } of uploads) {
          const hash = createHash('md5');
          const response = await server.fetch(`/instances/${ID}/file`);
          for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) hash.update(chunk);
          expect(hash.digest('hex')).toBe(md5);
        }
      });
      expect(peak).toBeLessThan(400 * MIB);
      if (bucket) expect(await bucket.unfinished()).toEqual([]);
      else expect(await orphanBlobs(server)).toEqual([]);
    });
  },
);

import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { OutgoingError, type OutgoingHttp, type OutgoingRequest } from '@annal/platform';
import type { JsonObject } from '../../http/body/parse-json.js';
import { complete } from '../../http/answers/complete.js';
import { freedOnceSent } from '../../load/freed-once-sent.js';
import { canOnlyBeStored, type TranscodeService } from '../../pixels/transcode.service.js';
import type { InstanceFileService, StoredFile } from '../instances/instance-file.service.js';
import { asRemoteError, isSuccess, protocolError } from '../../remotes/remote-failure.js';
import { describeStatus, isKept, objectOf } from './peer-answers.js';
import type { Peer } from './peer.js';
import type { StoreOptions } from './peer-store-order.js';

/** The largest answer to an upload, bytes: some identifiers and a status. */
const ANSWER = 64 * 1024;
const compressed = promisify(gzip);

/** A file as it is sent: of a larger one its bytes as they come. */
interface Content {
  readonly size: number;
  readonly bytes: Buffer | AsyncIterable<Buffer>;
  /** Frees what a body that was not sent as a whole still holds. */
  discard?(): void;
}

/** What a peer answered to. */
export interface SentFile {
  /** Bytes of the file as it was sent, but for gzip. */
  readonly size: number;
  /** Whether the peer says that it has it. */
  readonly isKept: boolean;
}

/** Sends DICOM files to peers (`POST /instances`), without what else is known of them. */
export class PeerSender {
  constructor(
    private readonly http: OutgoingHttp,
    private readonly files: InstanceFileService,
    private readonly transcoder: TranscodeService,
  ) {}

  /**
   * Sends one instance; a peer that has it already says so, and that is as good. Where the connection breaks, it is sent once
   * more.
   * @throws OrthancError 500 where the peer does not take it; 404 where the file is lost; the reason of `signal`
   */
  async send(peer: Peer, file: StoredFile, options: StoreOptions, signal: AbortSignal): Promise<SentFile> {
    try {
      return await this.once(peer, file, options, signal);
    } catch (error) {
      if (!(error instanceof OutgoingError && error.kind === 'broken') || signal.aborted) throw asRemoteError(error);
      return this.once(peer, file, options, signal).catch((again: unknown) =>
        Promise.reject(asRemoteError(again) as Error),
      );
    }
  }

  private async once(peer: Peer, file: StoredFile, options: StoreOptions, signal: AbortSignal): Promise<SentFile> {
    const content = await this.contentOf(file, options, signal);
    try {
      const answer = await this.post(peer, content, options, signal);
      return { size: content.size, isKept: isKept(answer) };
    } finally {
      content.discard?.();
    }
  }

  private async post(
    peer: Peer,
    { size, bytes }: Content,
    options: StoreOptions,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const body = options.compress ? await zipped(bytes) : asBody(bytes, size);
    const headers = {
      'content-type': 'application/dicom',
      ...(options.compress && { 'content-encoding': 'gzip' }),
    };
    const request = { method: 'POST', path: 'instances', headers, body, signal };
    const answer = await this.http.whole(peer.endpoint, request, ANSWER);
    if (!isSuccess(answer.status)) throw protocolError(describeStatus(answer, peer.name));
    return objectOf(answer, peer.name);
  }

  private async contentOf(file: StoredFile, { transcode }: StoreOptions, signal: AbortSignal): Promise<Content> {
    const transcoded = transcode === undefined ? undefined : await this.transcoded(file, transcode, signal);
    return transcoded ?? this.files.contentOnceRead(file);
  }

  /** undefined where the file cannot be had in a transfer syntax: it is sent as it is then, as Orthanc does. */
  private async transcoded(file: StoredFile, syntax: string, signal: AbortSignal): Promise<Content | undefined> {
    try {
      const { stream, size } = await this.transcoder.transcode(file, syntax, undefined, signal);
      return { size, bytes: complete(stream, size), discard: () => stream.destroy() };
    } catch (error) {
      if (canOnlyBeStored(error)) return undefined;
      throw error;
    }
  }
}

function asBody(bytes: Content['bytes'], length: number): NonNullable<OutgoingRequest['body']> {
  return { stream: Buffer.isBuffer(bytes) ? freedOnceSent(bytes) : bytes, length };
}

/** Deflated by threads of the process, not by its event loop. */
async function zipped(bytes: Content['bytes']): Promise<NonNullable<OutgoingRequest['body']>> {
  if (Buffer.isBuffer(bytes)) return compressed(bytes);
  return { stream: zippedPieces(bytes) };
}

async function* zippedPieces(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const zip = createGzip();
  const from = Readable.from(bytes, { objectMode: false });
  // what it fails with ends the reading below
  pipeline(from, zip, () => undefined);
  yield* zip as AsyncIterable<Buffer>;
}

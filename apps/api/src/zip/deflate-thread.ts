import { move } from 'piscina';
import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib';

/** What a deflating thread is asked. */
export interface DeflateTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 1 to 9. */
  readonly level: number;
  /** Whether the file ends with these bytes; else more follow, deflated on their own. */
  readonly last: boolean;
}

const OUTPUT_STEP = 256 * 1024;

/** How a part is deflated: one that others follow ends at a byte, so that parts make one stream when put together. */
export function deflateOptions(level: number, last: boolean): ZlibOptions {
  return { level, finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH, chunkSize: OUTPUT_STEP };
}

/** Raw deflate of a part of a file, in a thread of its own. */
export default function deflate({ bytes, level, last }: DeflateTask): Uint8Array<ArrayBuffer> {
  // exactly these bytes, which are then handed over rather than copied
  const deflated = new Uint8Array(deflateRawSync(bytes, deflateOptions(level, last)));
  return move(deflated) as unknown as Uint8Array<ArrayBuffer>;
}

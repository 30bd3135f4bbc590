import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { NotDicom } from '@annal/projections';
import { BeyondLimit } from './intake-errors.js';

/** Ceilings of a form. */
export interface FormLimits {
  readonly parts: number;
  /** Bytes of a part's header. */
  readonly headerSize: number;
}

/**
 * Hands over each part of a multipart/form-data body (RFC 7578), one after the other, files and other values alike.
 * @throws NotDicom when the body is no such form or has no part in it, BeyondLimit, and what `take` throws
 */
export async function forEachPart(
  body: AsyncIterable<Buffer>,
  contentType: string,
  limits: FormLimits,
  take: (content: AsyncIterable<Buffer>) => Promise<unknown>,
): Promise<void> {
  const form = openForm(contentType, limits);
  const open = new Set<BusboyFileStream>();
  let failure: { readonly error: unknown } | undefined;
  let parts = 0;
  let taken: Promise<unknown> = Promise.resolve();
  let stop!: () => void;
  const over = new Promise<void>((resolve) => (stop = resolve));
  /** The first failure decides; parts that are not complete by then never will be, nor does the form ask for more. */
  const fail = (error: unknown): void => {
    failure ??= { error };
    for (const part of open) part.destroy(error as Error);
    stop();
  };
  form.on('file', (_name: string, part: BusboyFileStream) => {
    parts++;
    open.add(part);
    part.on('error', () => undefined).on('close', () => open.delete(part));
    taken = taken.then(async () => {
      if (!failure) await take(part as AsyncIterable<Buffer>).catch(fail);
      part.resume();
    });
  });
  form.on('partsLimit', () => fail(new BeyondLimit(`${limits.parts} parts of a form`)));
  form.on('error', (error: unknown) => fail(new NotDicom('The form is damaged', { cause: error })));
  form.once('finish', stop);
  try {
    for await (const chunk of body) {
      if (failure) break;
      if (!form.write(chunk)) await Promise.race([new Promise<void>((resolve) => form.once('drain', resolve)), over]);
    }
    if (!failure) {
      form.end();
      await over;
    }
  } catch (error) {
    fail(error);
  }
  await taken;
  if (failure) throw failure.error;
  // busboy passes over what it cannot read
  if (parts === 0) throw new NotDicom('The form has no part with "Content-Disposition: form-data"');
}

/** The most lines of a part's header that are read. */
const HEADER_LINES = 100;

function openForm(contentType: string, limits: FormLimits): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { ...limits, headerPairs: HEADER_LINES },
      isPartAFile: () => true,
    });
  } catch (error) {
    throw new NotDicom('The form has no boundary', { cause: error });
  }
}

import { once } from 'node:events';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { BeyondLimit, NotDicom } from './intake-errors.js';

/** Ceilings of a form. */
export interface FormLimits {
  readonly parts: number;
  /** Bytes of a value that is no file. */
  readonly fieldSize: number;
}

/**
 * Hands over each part of a multipart/form-data body (RFC 7578), one after the other, files and other values alike.
 * @throws NotDicom when the body is no such form, BeyondLimit, and what `take` throws
 */
export async function forEachPart(
  body: AsyncIterable<Buffer>,
  contentType: string,
  limits: FormLimits,
  take: (content: AsyncIterable<Buffer>) => Promise<unknown>,
): Promise<void> {
  const form = openForm(contentType, limits);
  let failure: Error | undefined;
  let taken: Promise<unknown> = Promise.resolve();
  const next = (content: AsyncIterable<Buffer>, abandon: () => void): void => {
    taken = taken.then(async () => {
      if (failure === undefined) await take(content).catch((error: Error) => (failure = error));
      abandon();
    });
  };
  form.on('file', (_name: string, file: BusboyFileStream) => next(file as AsyncIterable<Buffer>, () => file.resume()));
  form.on('partsLimit', () => (failure ??= new BeyondLimit(`${limits.parts} parts of a form`)));
  form.on('error', (error: unknown) => (failure ??= new NotDicom('The form is damaged', { cause: error })));
  const finished = new Promise<void>((resolve) => form.once('finish', resolve).once('error', () => resolve()));
  for await (const chunk of body) {
    if (failure !== undefined) break;
    if (!form.write(chunk)) await Promise.race([once(form, 'drain'), finished]);
  }
  form.end();
  await finished;
  await taken;
  if (failure !== undefined) throw failure;
}

function openForm(contentType: string, limits: FormLimits): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { parts: limits.parts, fieldSize: limits.fieldSize, headerPairs: 100, headerSize: 16 * 1024 },
      isPartAFile: () => true,
    });
  } catch (error) {
    throw new NotDicom('The form has no boundary', { cause: error });
  }
}

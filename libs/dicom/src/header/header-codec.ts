import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { type HeaderModel } from './model.js';

/** Headers are a few kilobytes: small tables take half the time to set up, and nothing off the result. */
const SMALL_TEXTS = { level: constants.Z_BEST_SPEED, memLevel: 5, windowBits: 12, chunkSize: 4096 } as const;

/** A header model as stored: JSON, raw deflate, quickest level. */
export function encodeHeader(model: HeaderModel): Buffer {
  return deflateRawSync(JSON.stringify(model), SMALL_TEXTS);
}

/** Reads a stored header model. Throws when it inflates to more than `maxSize` bytes or is none. */
export function decodeHeader(buffer: Buffer, maxSize: number): HeaderModel {
  const parsed: unknown = JSON.parse(inflateRawSync(buffer, { maxOutputLength: maxSize }).toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('version' in parsed) || parsed.version !== 1) {
    throw new Error('no header model of version 1');
  }
  return parsed as HeaderModel;
}

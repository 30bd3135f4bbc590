import {
  checkFrame,
  codecOf,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  hasPixels,
  isEncapsulated,
  isTranscodable,
  littleEndianBytes,
  storedFrameBits,
  swapWidth,
} from '@annal/dicom';
import { type FrameRepresentation, mediaTypeOfFrames, type StoredFrames } from '@annal/dicomweb';
import { type WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { IN_ONE_PIECE } from '../../http/answers/sent-bytes.js';
import { frameError } from '../../pixels/frame-error.js';
import { type PixelFile } from '../../pixels/pixel-file.js';
import { PixelFiles } from '../../pixels/pixel-files.service.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { alignedBits } from './aligned-bits.js';
import type { Part } from '../common/part.js';

/** Reads frames of instances as they are sent. */
@Injectable()
export class WebFrames {
  constructor(
    @Inject(PixelFiles) private readonly files: PixelFiles,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {}

  /** @returns undefined where the instance has no pixel data. @throws OrthancError 400, 404 */
  async open(file: WebFile): Promise<PixelFile | undefined> {
    const opened = await this.files.open(file);
    if (!hasPixels(opened.model)) return undefined;
    // what is described as nothing that there can be is told before anything is sent
    asAnswer(() => opened.image);
    return opened;
  }

  /** What there is, for `frameRepresentation`. */
  static stored({ model, image }: PixelFile, single: boolean): StoredFrames {
    const { syntax: transferSyntax } = model;
    const encapsulated = isEncapsulated(transferSyntax);
    return {
      transferSyntax,
      encapsulated,
      decodable: !encapsulated || (image.kind === 'integer' && codecOf(transferSyntax) !== undefined),
      single,
    };
  }

  /** Whether frames can be put into a transfer syntax: nothing here compresses single bits or fractions. */
  static canMake({ image, model }: PixelFile, transferSyntax: string): boolean {
    if (!isEncapsulated(transferSyntax)) return transferSyntax === EXPLICIT_LITTLE_ENDIAN;
    return image.kind === 'integer' && isTranscodable(model, transferSyntax);
  }

  /** @throws OrthancError 400, as the plugin of Orthanc: without an explanation */
  static check({ image }: PixelFile, frame: number): void {
    try {
      checkFrame(frame, image.numberOfFrames);
    } catch {
      throw new OrthancError('ParameterOutOfRange');
    }
  }

  /** The bytes of every frame, where all have the same number and it is known. */
  static size({ image, model: { syntax } }: PixelFile, wanted: FrameRepresentation): number | undefined {
    if (isEncapsulated(syntax) || isEncapsulated(wanted.transferSyntax)) return undefined;
    return Math.ceil(storedFrameBits(image) / 8);
  }

  /** A frame as a part. @throws OrthancError 400, 404, 413, 503; NotTranscodable */
  async part(source: PixelFile, frame: number, wanted: FrameRepresentation, location: string): Promise<Part> {
    const { transferSyntax } = wanted;
    const headers = { 'Content-Location': location, 'Content-Type': frameContentType(transferSyntax) };
    const { model, image } = source;
    const { syntax } = model;
    if (syntax !== transferSyntax && (isEncapsulated(syntax) || isEncapsulated(transferSyntax))) {
      const bytes = await this.transcoder.frame(source, frame, transferSyntax);
      return { headers, size: bytes.length, bytes };
    }
    try {
      const bits = storedFrameBits(image);
      if (!isEncapsulated(syntax) && bits % 8 !== 0) {
        const { bytes: around, firstBit } = await source.frameBytes(frame, IN_ONE_PIECE);
        const ordered = syntax === EXPLICIT_BIG_ENDIAN ? littleEndianBytes(around, swapWidth(image)) : around;
        const bytes = alignedBits(ordered, firstBit, bits);
        return { headers, size: bytes.length, bytes };
      }
      return { headers, ...(await source.rawFrame(frame)) };
    } catch (error) {
      throw frameError(error);
    }
  }
}

/** The media type of a frame, with its transfer syntax. */
export function frameContentType(transferSyntax: string): string {
  return `${mediaTypeOfFrames(transferSyntax)}; transfer-syntax=${transferSyntax}`;
}

function asAnswer<R>(read: () => R): R {
  try {
    return read();
  } catch (error) {
    throw frameError(error);
  }
}

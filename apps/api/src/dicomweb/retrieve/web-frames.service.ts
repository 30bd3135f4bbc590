import {
  canEncode,
  checkFrame,
  codecOf,
  EXPLICIT_LITTLE_ENDIAN,
  type HeaderModel,
  type ImageDescription,
  imageDescription,
  isEncapsulated,
  storedFrameBits,
} from '@annal/dicom';
import { type FrameRepresentation, mediaTypeOfFrames, type StoredFrames } from '@annal/dicomweb';
import { HeaderReader, type WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { passing } from '../../http/answers/send-chunks.js';
import { frameError } from '../../pixels/frame-error.js';
import { PixelFile } from '../../pixels/pixel-file.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { complete } from '../../rest/instances/complete.js';
import { InstanceFileService } from '../../rest/instances/instance-file.service.js';
import { alignedBits } from './aligned-bits.js';
import type { Part } from '../common/part.js';
import { Recent } from './recent.js';

/** An instance whose frames are sent. */
export interface FrameSource {
  readonly pixels: PixelFile;
  readonly image: ImageDescription;
}

/** Larger frames are sent as they are read, bytes. */
const IN_ONE_PIECE = 4 * 1024 * 1024;
/** PixelData, FloatPixelData, DoubleFloatPixelData. */
const PIXEL_DATA: readonly number[] = [0x7fe00010, 0x7fe00008, 0x7fe00009];

/** The groups of the attributes that describe an image, and of its pixel data. */
const IMAGE_GROUPS = new Set([0x0028, 0x7fe0]);
/** Of so many instances it is kept how their frames are found: a viewer asks for one frame after the other. */
const KEPT = 500;

/** Reads frames of instances as they are sent. */
@Injectable()
export class WebFrames {
  /** By the key of the file, which is never reused. */
  private readonly sources = new Recent<FrameSource>(KEPT);

  constructor(
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {}

  /** @returns undefined where the instance has no pixel data. @throws OrthancError 400, 404 */
  async open(file: WebFile): Promise<FrameSource | undefined> {
    const known = this.sources.get(file.blobKey);
    if (known) return known;
    const model = await this.headers.one(file.key);
    if (!model) throw new OrthancError('UnknownResource');
    if (!hasPixels(model)) return undefined;
    const slim = { ...model, dataset: model.dataset.filter(([tag]) => IMAGE_GROUPS.has(tag >>> 16)) };
    const source = {
      pixels: new PixelFile(this.files, file, slim),
      image: asAnswer(() => imageDescription(slim)),
    };
    this.sources.set(file.blobKey, source);
    return source;
  }

  /** What there is, for `frameRepresentation`. */
  static stored({ pixels, image }: FrameSource, single: boolean): StoredFrames {
    const { syntax: transferSyntax } = pixels.model;
    const encapsulated = isEncapsulated(transferSyntax);
    return {
      transferSyntax,
      encapsulated,
      decodable: !encapsulated || (image.kind === 'integer' && codecOf(transferSyntax) !== undefined),
      single,
    };
  }

  /** Whether frames can be put into a transfer syntax: nothing here compresses single bits or fractions. */
  static canMake({ image }: FrameSource, transferSyntax: string): boolean {
    if (!isEncapsulated(transferSyntax)) return transferSyntax === EXPLICIT_LITTLE_ENDIAN;
    return image.kind === 'integer' && image.bitsAllocated > 1 && canEncode(transferSyntax);
  }

  /** @throws OrthancError 400, as the plugin of Orthanc: without an explanation */
  static check({ image }: FrameSource, frame: number): void {
    try {
      checkFrame(frame, image.numberOfFrames);
    } catch {
      throw new OrthancError('ParameterOutOfRange');
    }
  }

  /** The bytes of every frame, where all have the same number and it is known. */
  static size({ image, pixels }: FrameSource, wanted: FrameRepresentation): number | undefined {
    const { syntax } = pixels.model;
    if (isEncapsulated(syntax) || isEncapsulated(wanted.transferSyntax)) return undefined;
    return Math.ceil(storedFrameBits(image) / 8);
  }

  /** A frame as a part. @throws OrthancError 400, 404, 413, 503; NotTranscodable */
  async part(source: FrameSource, frame: number, wanted: FrameRepresentation, location: string): Promise<Part> {
    const { transferSyntax } = wanted;
    const headers = { 'Content-Location': location, 'Content-Type': frameContentType(transferSyntax) };
    const { pixels, image } = source;
    const { syntax } = pixels.model;
    if (syntax !== transferSyntax && (isEncapsulated(syntax) || isEncapsulated(transferSyntax))) {
      const bytes = await this.transcoder.frame(pixels, image, frame, transferSyntax);
      return { headers, size: bytes.length, bytes };
    }
    try {
      const bits = storedFrameBits(image);
      if (!isEncapsulated(syntax) && bits % 8 !== 0) {
        const { bytes: around, firstBit } = await pixels.frameBytes(frame, image, IN_ONE_PIECE);
        const bytes = alignedBits(around, firstBit, bits);
        return { headers, size: bytes.length, bytes };
      }
      const bytes = await pixels.rawFrameBytes(frame, IN_ONE_PIECE);
      if (bytes) return { headers, size: bytes.length, bytes: passing(bytes) };
      const { stream, size } = await pixels.rawFrame(frame);
      return { headers, size, bytes: complete(stream, size) };
    } catch (error) {
      throw frameError(error);
    }
  }
}

/** The media type of a frame, with its transfer syntax. */
export function frameContentType(transferSyntax: string): string {
  return `${mediaTypeOfFrames(transferSyntax)}; transfer-syntax=${transferSyntax}`;
}

function hasPixels({ dataset }: HeaderModel): boolean {
  return dataset.some(([tag]) => PIXEL_DATA.includes(tag));
}

function asAnswer<R>(read: () => R): R {
  try {
    return read();
  } catch (error) {
    throw frameError(error);
  }
}

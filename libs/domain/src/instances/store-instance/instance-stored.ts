import type { ResourceIds } from '../../resources/identifiers.js';
import type { Level } from '../../resources/level.js';

/**
 * How a blob holds the bytes of a file: as they are; deflated (RFC 1950); or so behind their number, in eight bytes, least
 * significant first, as Orthanc stores them.
 */
export type BlobCompression = 'none' | 'zlib' | 'zlib-with-size';

/** Where the bytes of a file are, and what they are. Sizes in bytes, MD5 in hex, empty where it is not kept. */
export interface StoredBlob {
  /** UUIDv7, never reused. */
  readonly key: string;
  /** The DICOM file. */
  readonly size: number;
  readonly md5: string;
  /** The blob as stored: smaller than the file when compressed. */
  readonly storedSize: number;
  readonly storedMd5: string;
  readonly compression: BlobCompression;
}

/** An instance is durable in the blob store. Everything that decides travels here: the fold reads no configuration. */
export interface InstanceStored {
  readonly type: 'annal.instance.stored.v1';
  readonly data: {
    readonly ids: ResourceIds;
    readonly blob: StoredBlob;
    /** Whether an instance that is already there gives way (Orthanc's OverwriteInstances). */
    readonly overwrite: boolean;
    /** Which main tags were kept, by level, as `gggg,eeee;…`; absent: the standard ones. */
    readonly mainTagsSignatures?: Readonly<Record<Level, string>>;
    /** Offset of the pixel data element in the file, in bytes. */
    readonly pixelDataOffset?: number;
    readonly pixelDataVr?: string;
  };
}

/** The personal part of InstanceStored, sealed in its envelope. Tags are keyed by eight hex digits. */
export interface InstanceTags {
  readonly main: Readonly<Record<Level, Readonly<Record<string, string>>>>;
  /** Main tags that are sequences, by level, as the JSON text that Orthanc keeps in metadata MainDicomSequences. */
  readonly sequences?: Partial<Record<Level, string>>;
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  /** InstanceNumber, else ImageIndex, as written. */
  readonly indexInSeries?: string;
  /** Instances that the series should have, as far as this instance tells. */
  readonly expectedInstances?: number;
  readonly numberOfFrames?: number;
}

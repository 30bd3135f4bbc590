import { buildInstance, type InstanceDescription } from '../../libs/dicom/src/testing/instance-builder.js';

const MIB = 1024 * 1024;
const CHUNK = Buffer.from(Array.from({ length: MIB }, (_, i) => (i * 2654435761) >>> 11));

/** A DICOM file whose pixels end the file, made while it is read, a MiB at a time. @param pixels MiB */
export function* largeFile(instance: InstanceDescription, pixels: number): Generator<Buffer, void> {
  const header = buildInstance({ ...instance, pixelBytes: Buffer.alloc(2) });
  const start = Buffer.from(header.subarray(0, header.length - 2));
  start.writeUInt32LE(pixels * MIB, start.length - 4);
  yield start;
  for (let sent = 0; sent < pixels; sent++) yield CHUNK;
}

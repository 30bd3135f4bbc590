import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { complete } from '../../http/answers/complete.js';
import { BareStatus, HttpError, OrthancError } from '../../http/errors/http-errors.js';
import { CONFIGURATION } from '../../tokens.js';
import { InstanceFileService } from '../instances/instance-file.service.js';

/** What a DICOM file begins with: 128 bytes of anything, and this (PS3.10 section 7.1). */
const PREFIX = Buffer.from('DICM');
const PREAMBLE_LENGTH = 128;

/** Writes instances to the server's disk, where the configuration lets requests do that. */
@Injectable()
export class ExportService {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
  ) {}

  /**
   * Writes the file of an instance, whole or not at all. It takes the place of another DICOM file, but of nothing else,
   * and goes to no folder of this server's own.
   * @param path absolute, or from the folder in which the server was started
   * @throws BareStatus 403 where that is not allowed; OrthancError 404 for an unknown instance, 500 where it cannot be written
   */
  async write(id: string, path: string): Promise<void> {
    if (!this.configuration.RestApiWriteToFileSystemEnabled) throw new BareStatus(403);
    const file = await this.files.find(id);
    if (path === '' || path.includes('\0')) throw cannotWrite();
    try {
      const folder = await realpath(dirname(resolve(path)));
      const target = join(folder, basename(path));
      await this.check(folder, target);
      const temporary = join(folder, `.${randomUUID()}.part`);
      try {
        const bytes = complete(await this.files.open(file), file.size);
        await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', flush: true }));
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    } catch (error) {
      // errors of the file system tell of paths
      throw error instanceof HttpError ? error : cannotWrite();
    }
  }

  private async check(folder: string, target: string): Promise<void> {
    for (const own of [this.configuration.StorageDirectory, this.configuration.IndexDirectory]) {
      if (isWithin(folder, await realpath(own).catch(() => resolve(own)))) {
        throw cannotWrite("This is a folder of the server's own");
      }
    }
    if (!(await mayBeReplaced(target))) throw cannotWrite('There is something else than a DICOM file');
  }
}

/** Whether nothing is there, or a DICOM file that is no link to one. */
async function mayBeReplaced(target: string): Promise<boolean> {
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  return handle === undefined || isDicomFile(handle);
}

async function isDicomFile(handle: FileHandle): Promise<boolean> {
  try {
    if (!(await handle.stat()).isFile()) return false;
    const { buffer } = await handle.read(Buffer.alloc(PREFIX.length), 0, PREFIX.length, PREAMBLE_LENGTH);
    return buffer.equals(PREFIX);
  } finally {
    await handle.close();
  }
}

function isWithin(folder: string, own: string): boolean {
  const path = relative(own, folder);
  return path !== '..' && !path.startsWith(`..${sep}`);
}

function cannotWrite(details?: string): OrthancError {
  return new OrthancError('CannotWriteFile', details);
}

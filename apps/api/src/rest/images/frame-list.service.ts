import { numberOfFrames } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../http/errors/http-errors.js';
import { frameError } from '../../pixels/frame-error.js';
import { PixelFiles } from '../../pixels/pixel-files.service.js';
import { CONFIGURATION } from '../../tokens.js';
import { InstanceFileService } from '../instances/instance-file.service.js';

/** Counts the frames of instances. */
@Injectable()
export class FrameListService {
  private readonly maximum: number;

  constructor(
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(PixelFiles) private readonly opened: PixelFiles,
  ) {
    this.maximum = Annal.Limits.MaxQueryResults;
  }

  /** The numbers of an instance's frames by its header, from 0 on. @throws OrthancError 400, 404, 413 */
  async list(instance: string): Promise<readonly number[]> {
    const { model } = await this.opened.open(await this.files.find(instance));
    const count = countIn(() => numberOfFrames(model));
    if (count > this.maximum) throw new OrthancError('BadRequest', `More than ${this.maximum} frames`, 413);
    return Array.from({ length: count }, (_, frame) => frame);
  }
}

function countIn(read: () => number): number {
  try {
    return read();
  } catch (error) {
    throw frameError(error);
  }
}

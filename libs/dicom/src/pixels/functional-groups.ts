import { type Tag } from '../dataset.js';
import { findElement, type HeaderDataSet, type HeaderModel, itemsOf } from '../header/model.js';
import { type ImageDescription, imageValues } from './image-description.js';

const SHARED: Tag = 0x52009229;
const PER_FRAME: Tag = 0x52009230;
const FRAME_VOI_LUT: Tag = 0x00289132;
const PIXEL_VALUE_TRANSFORMATION: Tag = 0x00289145;

function item(dataset: HeaderDataSet | undefined, tag: Tag, index = 0): HeaderDataSet | undefined {
  const element = dataset && findElement(dataset, tag);
  return element && itemsOf(element)?.[index];
}

/**
 * The rescaling and the windows in force for a frame: those of the data set itself, which Orthanc puts first, else the
 * frame's own, else those of all frames (PS3.3 C.7.6.16.2).
 * @param frame from 0 on
 */
export function frameValues({ dataset }: HeaderModel, frame: number): Pick<ImageDescription, 'rescale' | 'windows'> {
  const groups = [item(dataset, PER_FRAME, frame), item(dataset, SHARED)];
  const own = imageValues(dataset);
  const windows = groups
    .map((group) => imageValues(item(group, FRAME_VOI_LUT) ?? []).windows)
    .find((each) => each.length > 0);
  const rescale = groups
    .map((group) => imageValues(item(group, PIXEL_VALUE_TRANSFORMATION) ?? []).rescale)
    .find((each) => each !== undefined);
  return { windows: own.windows.length > 0 ? own.windows : (windows ?? []), rescale: own.rescale ?? rescale };
}

import { type Tag } from '../dataset.js';
import { type HeaderDataSet, type HeaderElement, type HeaderModel, itemsOf } from '../header/model.js';
import { tellsOfOverlays } from './embedded-overlays.js';

/** The groups of the attributes that describe an image, and of its pixel data. */
const IMAGE: ReadonlySet<number> = new Set([0x0028, 0x7fe0]);
/** The functional groups of a multi-frame image, of which what stands in group 0028 is wanted. */
const FUNCTIONAL_GROUPS = 0x5200;
/** FrameTime, RecommendedDisplayFrameRate, CineRate. */
const DURATIONS: ReadonlySet<Tag> = new Set([0x00181063, 0x00082144, 0x00180040]);

/** What an element takes in memory beside the characters of its value, bytes. */
const ELEMENT_SIZE = 160;
const NUMBER_SIZE = 8;

/**
 * The part of a header that tells where the frames of its image are and how they are decoded and shown: all that this
 * folder and that of rendering ask for, but for `transcodedAttributes`.
 */
export function imageElements({ dataset, ...model }: HeaderModel): HeaderModel {
  return { ...model, meta: [], dataset: dataset.flatMap(imageElement) };
}

function imageElement(element: HeaderElement): readonly HeaderElement[] {
  const [tag, vr] = element;
  const group = tag >>> 16;
  if (IMAGE.has(group) || DURATIONS.has(tag) || tellsOfOverlays(tag)) return [element];
  const items = group === FUNCTIONAL_GROUPS ? itemsOf(element) : undefined;
  return items ? [[tag, vr, items.map(described)]] : [];
}

function described(item: HeaderDataSet): HeaderDataSet {
  return item.filter(([tag]) => IMAGE.has(tag >>> 16));
}

/** About what a data set takes in memory, bytes. */
export function memoryOf(dataset: HeaderDataSet): number {
  return dataset.reduce((sum, element) => sum + elementMemory(element), 0);
}

function elementMemory(element: HeaderElement): number {
  const items = itemsOf(element);
  if (items) return items.reduce((sum, item) => sum + memoryOf(item), ELEMENT_SIZE);
  const [, , value] = element;
  if (typeof value === 'string') return ELEMENT_SIZE + 2 * value.length;
  if (Array.isArray(value)) return ELEMENT_SIZE + NUMBER_SIZE * value.length;
  return ELEMENT_SIZE + (value !== null && 'b' in value ? value.b.length : 0);
}

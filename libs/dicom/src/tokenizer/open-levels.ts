import { type DataElement } from '../dataset.js';
import { type ItemDataSet, type SequenceElement } from './elements.js';
import { PrivateCreators } from './private-creators.js';
import { type ElementEncoding } from './transfer-syntax.js';

/** A data set or item whose elements are being read. */
export class OpenDataSet {
  readonly creators = new PrivateCreators();
  /** Where the elements go. */
  sink: DataElement[];

  constructor(
    readonly dataset: ItemDataSet,
    readonly encoding: ElementEncoding,
    /** Where it ends, or what is around it. */
    readonly end: number,
    readonly definite: boolean,
  ) {
    this.sink = dataset.elements;
  }
}

/** A sequence whose items are being read. */
export class OpenSequence {
  constructor(
    readonly element: SequenceElement,
    readonly parent: ItemDataSet,
    readonly encoding: ElementEncoding,
    readonly end: number,
    readonly definite: boolean,
  ) {}
}

import type { OrderKey } from '@annal/projections';
import { isJsonObject, type Json } from '../../http/body/parse-json.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { parseTags } from '../resources/requested-tags.js';
import { type FindContext, unknownTag } from './find-context.js';

const TYPES: Readonly<Record<string, readonly [by: 'tag' | 'metadata', as: OrderKey['as']]>> = {
  dicomtag: ['tag', 'text'],
  dicomtagasint: ['tag', 'integer'],
  dicomtagasfloat: ['tag', 'float'],
  metadata: ['metadata', 'text'],
  metadataasint: ['metadata', 'integer'],
  metadataasfloat: ['metadata', 'float'],
};

const bad = (details: string): OrthancError => new OrthancError('BadRequest', details);

/** Reads the field `OrderBy`. @throws OrthancError */
export function parseOrder(orderBy: Json | undefined, context: FindContext): readonly OrderKey[] | undefined {
  if (orderBy === undefined) return undefined;
  if (!Array.isArray(orderBy)) throw bad('Field "OrderBy" must be an array');
  return orderBy.map((entry) => {
    if (!isJsonObject(entry)) {
      throw bad('Field "OrderBy" must contain objects');
    }
    const { Type, Key, Direction } = entry;
    if (typeof Type !== 'string') throw bad('Field "Type" must be "DicomTag" or "Metadata"');
    const type = TYPES[Type.toLowerCase()];
    if (typeof Key !== 'string') throw bad('Field "Key" must be a string');
    const direction = typeof Direction === 'string' ? Direction.toUpperCase() : '';
    if (direction !== 'ASC' && direction !== 'DESC') throw bad('Field "Direction" must be "ASC" or "DESC"');
    if (!type) {
      throw bad(
        'Field "Type" must be "DicomTag", "DicomTagAsInt", "DicomTagAsFloat" or "Metadata", "MetadataAsInt", "MetadataAsFloat"',
      );
    }
    return { by: byOf(type[0], Key, context), as: type[1], descending: direction === 'DESC' };
  });
}

function byOf(kind: 'tag' | 'metadata', key: string, { dictionary, metadataNames }: FindContext): OrderKey['by'] {
  if (kind === 'tag') return { tag: parseTags(dictionary, [key], unknownTag)[0]! };
  return { metadata: metadataNames.keyOf(metadataNames.parse(key)) };
}

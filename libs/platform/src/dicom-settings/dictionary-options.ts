import { readFileSync } from 'node:fs';
import type { DictionaryOptions } from '@annal/dicom';
import type { AnnalConfiguration } from '../config/configuration.js';

/** The data elements that the configuration adds. @throws when an external dictionary cannot be read */
export function dictionaryOptions(configuration: AnnalConfiguration): DictionaryOptions {
  const entries = Object.entries(configuration.Dictionary).map(([tag, entry]) => [
    tag,
    [entry.vr, entry.name, entry.minimumMultiplicity, entry.maximumMultiplicity, entry.privateCreator ?? ''],
  ]);
  return {
    dictionary: Object.fromEntries(entries) as DictionaryOptions['dictionary'],
    loadPrivateDictionary: configuration.LoadPrivateDictionary,
    defaultPrivateCreator: configuration.DefaultPrivateCreator,
    externalDictionaries: configuration.ExternalDictionaries.map((file) => readFileSync(file, 'utf8')),
  };
}

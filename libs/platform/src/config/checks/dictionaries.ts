import { readFileSync } from 'node:fs';
import { DicomDictionary, parseDcmtkDictionary } from '@annal/dicom';
import { dictionaryOptions } from '../../dicom-settings/dictionary-options.js';
import { type AnnalConfiguration } from '../configuration.js';
import { reason } from '../source/files.js';
import { type Findings } from '../source/source.js';

/** The dictionaries that the configuration adds, and the tags of ExtraMainDicomTags, which some dictionary must know. */
export function checkDictionaries(configuration: AnnalConfiguration, { errors }: Findings): void {
  const { ExternalDictionaries, ExtraMainDicomTags } = configuration;
  for (const file of ExternalDictionaries) {
    try {
      parseDcmtkDictionary(readFileSync(file, 'utf8'));
    } catch (error) {
      errors.push(`ExternalDictionaries: ${file} cannot be read: ${reason(error)}`);
    }
  }
  if (errors.length > 0) return;
  let dictionary: DicomDictionary;
  try {
    dictionary = new DicomDictionary(dictionaryOptions(configuration));
  } catch (error) {
    errors.push(reason(error));
    return;
  }
  for (const [level, tags] of Object.entries(ExtraMainDicomTags)) {
    for (const tag of tags.filter((text) => dictionary.parseTag(text) === undefined)) {
      errors.push(
        `ExtraMainDicomTags.${level}: no dictionary knows the tag ${tag}. Correct its name, or add the tag to Dictionary`,
      );
    }
  }
}

import { option, section } from '../option.js';
import { listOf } from '../types/collections.js';
import { encryptionKey } from '../types/encryption-key.js';
import { positiveNumber } from '../types/scalars.js';

/** Annal.Vault: the keys of what the event log holds of patients. */
export const VAULT_OPTIONS = section('The keys with which the event log holds what DICOM tags say of patients.', {
  MasterKeys: option(
    listOf(encryptionKey),
    [],
    'used',
    'Keys around the keys in the database, such as { "Id": "2026", "KeyFile": "a file with 32 bytes" }: the first one wraps, all of them unwrap. None: whoever can read the database can read the log.',
    { relativeTo: 'configuration', pathIn: 'KeyFile' },
  ),
  Grace: option(
    positiveNumber,
    900,
    'used',
    'How long after the deletion of a study its keys are destroyed at the earliest. An upload that takes longer from its last byte to the log is kept all the same.',
    { unit: 'seconds' },
  ),
});

import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';
import type { EncryptionKeyOptions } from '../types/encryption-key.js';

const MAX_PARTS = 10_000;
const LOOPBACK = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/;

/** Where DICOM files are kept and how they are encrypted: refuses what cannot work or gives a wrong sense of safety. */
export function checkBlobStorage({ Annal }: AnnalConfiguration, findings: Findings): void {
  const { Storage, Limits } = Annal;
  checkKeys('Annal.Storage.Encryption.Keys', Storage.Encryption.Keys, findings);
  checkKeys('Annal.Vault.MasterKeys', Annal.Vault.MasterKeys, findings);
  if (Storage.Kind === 's3') {
    checkAccess(Storage.S3, findings);
    checkEncryption(Storage, findings);
    checkParts(Storage.S3.PartSize, Math.max(Limits.MaxBodySize, Limits.MaxZipEntrySize), findings);
  } else if (Storage.S3.Bucket !== undefined) {
    findings.warnings.push(
      'Annal.Storage.S3 is not used because Annal.Storage.Kind is "filesystem": set that to "s3" if files belong there',
    );
  }
}

type Storage = AnnalConfiguration['Annal']['Storage'];

function checkKeys(option: string, keys: readonly EncryptionKeyOptions[], { errors }: Findings): void {
  for (const { Id, Key, KeyFile } of keys) {
    if ((Key === undefined) === (KeyFile === undefined)) {
      errors.push(`${option}: the key "${Id}" needs either Key or KeyFile, not both and not neither`);
    }
  }
  const ids = keys.map(({ Id }) => Id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) errors.push(`${option}: two keys are called "${twice}": give each an Id of its own`);
}

function checkAccess({ Bucket, AccessKeyId, SecretAccessKey }: Storage['S3'], { errors }: Findings): void {
  if (Bucket === undefined) {
    errors.push('Annal.Storage.Kind is "s3": set Annal.Storage.S3.Bucket to the name of the bucket');
  }
  if ((AccessKeyId === undefined) !== (SecretAccessKey === undefined)) {
    errors.push(
      'Annal.Storage.S3: set both AccessKeyId and SecretAccessKey, or neither to use the credentials of the environment',
    );
  }
}

function checkEncryption({ S3, Encryption }: Storage, { errors, warnings }: Findings): void {
  const { Kind, KmsKeyId, CustomerKey } = S3.ServerSideEncryption;
  const option = 'Annal.Storage.S3.ServerSideEncryption';
  const inClear = S3.Endpoint?.startsWith('http:') ?? false;
  if (KmsKeyId !== undefined && Kind !== 'kms') {
    errors.push(`${option}.KmsKeyId has no effect with Kind "${Kind}": set Kind to "kms", or remove KmsKeyId`);
  }
  if ((CustomerKey !== undefined) !== (Kind === 'customer')) {
    errors.push(`${option}: Kind "customer" and CustomerKey belong together: set both or neither`);
  }
  if (Kind === 'customer' && inClear) {
    errors.push(
      `${option}.Kind is "customer" and Annal.Storage.S3.Endpoint is http: the key would cross the network in clear ` +
        'with every request. Use https, or Annal.Storage.Encryption.Keys instead',
    );
  }
  if (Kind === 'customer' && Encryption.Keys.length > 0) {
    errors.push(
      `${option}.Kind is "customer" and Annal.Storage.Encryption.Keys has keys: files would be lost with either key. ` +
        'Use one of the two',
    );
  }
  if (inClear && Encryption.Keys.length === 0 && !LOOPBACK.test(S3.Endpoint!)) {
    warnings.push(
      'Annal.Storage.S3.Endpoint is http: images cross the network in clear. Use https, or Annal.Storage.Encryption.Keys',
    );
  }
}

function checkParts(partSize: number, largest: number, { errors }: Findings): void {
  if (partSize * MAX_PARTS >= largest) return;
  errors.push(
    `Annal.Storage.S3.PartSize: S3 takes ${MAX_PARTS.toLocaleString('en')} parts, too few for a file of ${largest} bytes ` +
      `(Annal.Limits.MaxBodySize, MaxZipEntrySize): set it to at least ${Math.ceil(largest / MAX_PARTS)}`,
  );
}

import type { AnnalConfiguration } from '../../config/index.js';

/** What the requests of S3 carry so that it encrypts objects, by what a request does. */
export interface EncryptionParameters {
  /** To write an object, or begin one. */
  readonly write: {
    readonly ServerSideEncryption?: 'AES256' | 'aws:kms';
    readonly SSEKMSKeyId?: string;
  } & CustomerKey;
  /** To read an object, or write a part. */
  readonly access: CustomerKey;
  /** To read an object that is copied. */
  readonly copySource: { readonly CopySourceSSECustomerAlgorithm?: string; readonly CopySourceSSECustomerKey?: string };
}

interface CustomerKey {
  readonly SSECustomerAlgorithm?: string;
  /** In base64; the client adds its MD5. */
  readonly SSECustomerKey?: string;
}

/** Annal.Storage.S3.ServerSideEncryption as parameters of requests. */
export function encryptionParameters(
  options: AnnalConfiguration['Annal']['Storage']['S3']['ServerSideEncryption'],
): EncryptionParameters {
  const { Kind, KmsKeyId, CustomerKey } = options;
  switch (Kind) {
    case 'default':
      return { write: {}, access: {}, copySource: {} };
    case 's3':
      return { write: { ServerSideEncryption: 'AES256' }, access: {}, copySource: {} };
    case 'kms':
      return { write: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KmsKeyId }, access: {}, copySource: {} };
    case 'customer': {
      const access = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: CustomerKey };
      return {
        write: access,
        access,
        copySource: { CopySourceSSECustomerAlgorithm: 'AES256', CopySourceSSECustomerKey: CustomerKey },
      };
    }
  }
}

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AnnalConfiguration } from '../../config/index.js';

/**
 * The client of S3 that Annal.Storage.S3 describes; without an access key it has that of the environment, of a profile
 * or of the machine's role.
 * @param certificateAuthority in PEM form, instead of those known to Node
 */
export function createS3Client(
  options: AnnalConfiguration['Annal']['Storage']['S3'],
  certificateAuthority: string | undefined,
): S3Client {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Endpoint, Region } = options;
  // no limit: what waits for a connection would count as one that does not come about; uploads, parts and readers
  // are limited themselves
  const sockets = { keepAlive: true, maxSockets: Infinity };
  return new S3Client({
    region: Region ?? (Endpoint === undefined ? undefined : 'us-east-1'),
    endpoint: Endpoint,
    forcePathStyle: options.ForcePathStyle,
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    maxAttempts: options.MaxAttempts,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: options.ConnectionTimeout * 1000,
      // silence, not the whole time: a slow line may take long for a part
      socketTimeout: options.RequestTimeout * 1000,
      httpAgent: new HttpAgent(sockets),
      httpsAgent: new HttpsAgent({ ...sockets, ca: certificateAuthority }),
    }),
    requestChecksumCalculation: options.Checksums ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    // a broken read goes on where it was, which the checksum of a whole answer does not
    responseChecksumValidation: 'WHEN_REQUIRED',
    // another round trip, only to learn of a refusal before the bytes are sent
    expectContinueHeader: false,
    userAgentAppId: 'annal',
  });
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { accepting, gatewayCommand } from '../../test/support/s3/gateway.js';
import type { S3Access } from './environment.js';
import { withLogFile } from './log-file.js';
import type { Places } from './places.js';
import { type Running, runningProgram } from './running.js';

/** As in deploy/compose.yaml. */
export const BUCKET = 'annal';
const CREDENTIALS = { accessKeyId: 'annal', secretAccessKey: 'annal-secret' };

/** How to reach the S3 server of a cluster. */
export function s3Access({ ports }: Places): S3Access {
  return { endpoint: `http://127.0.0.1:${ports.s3}`, ...CREDENTIALS };
}

/** Starts the S3 server, over a folder. @param program versitygw */
export async function launchS3({ directory, logs, pids, ports }: Places, program: string): Promise<Running> {
  const port = ports.s3;
  const { args, env } = await gatewayCommand(join(directory, 's3'), { port, ...CREDENTIALS });
  const child = withLogFile(logs, 's3', (log) => spawn(program, args, { stdio: ['ignore', log, log], env }));
  return runningProgram('s3', child, accepting(port, child), pids);
}

/** Makes the bucket where it is missing: Annal makes none behind anybody's back. */
export async function ensureBucket({ endpoint, ...credentials }: S3Access): Promise<void> {
  const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials });
  try {
    await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
  } catch {
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  } finally {
    client.destroy();
  }
}

import { join } from 'node:path';
import { USER } from './environment.js';
import type { Places } from './places.js';
import { BUCKET, s3Access } from './s3.js';

/** Where everything of a running cluster is, and how to try it. */
export function guide(places: Places, databaseUrl: string, s3: boolean): string {
  const { directory, logs, pids, ports } = places;
  const { endpoint, accessKeyId, secretAccessKey } = s3Access(places);
  const url = (name: 'api-1' | 'api-2' | 'projector-1' | 'projector-2'): string => `http://localhost:${ports[name]}`;
  const rows = [
    ['api-1', `${url('api-1')}/`],
    ['api-2', `${url('api-2')}/`],
    ['projector-1', `${url('projector-1')}/health/ready`],
    ['projector-2', `${url('projector-2')}/health/ready`],
    ['Kafka', `127.0.0.1:${ports.kafka} (topics annal.events, annal.events.control, annal.changes)`],
    ['PostgreSQL', databaseUrl],
    s3
      ? ['S3', `${endpoint} (bucket ${BUCKET}, access key ${accessKeyId}, secret key ${secretAccessKey})`]
      : ['Storage', `${join(directory, 'storage')}: a shared folder, there was no Go to build an S3 server with`],
    ['Logs', `${join(logs, '*.log')}, ${join(directory, 'postgres/postgresql.log')}`],
    ['Process ids', join(pids, '*.pid')],
  ];
  return `
The cluster runs. User ${USER}, password ${USER}; only this machine may connect.

${rows.map(([name, place]) => `  ${name!.padEnd(12)} ${place}\n`).join('')}
Upload on one server, read on the other:

  curl -u ${USER}:${USER} ${url('api-1')}/instances --data-binary @image.dcm
  curl -u ${USER}:${USER} '${url('api-2')}/instances?expand'

Kill one and see: it is started again. Ctrl-C stops everything.
`;
}

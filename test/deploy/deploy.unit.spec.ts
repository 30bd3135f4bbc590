import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfiguration } from '../../libs/platform/src/config/index.js';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'deploy/annal.json');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly restart?: string;
  readonly depends_on?: Record<string, unknown> | readonly string[];
  readonly volumes?: readonly string[];
}
const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, null>;
};
const processes = Object.entries(compose.services).filter(([, { image }]) => image === 'annal');

describe('the files to deploy', () => {
  it('have two servers and two projectors of one image', () => {
    expect(processes.map(([, { environment }]) => environment!.ANNAL_ROLE).sort()).toEqual([
      'api',
      'api',
      'projector',
      'projector',
    ]);
  });

  it.each(processes)('configure %s without an error', (_name, { environment }) => {
    const { configuration, errors, warnings } = loadConfiguration({
      paths: [FILE],
      environment: { ...environment, ANNAL_DATA: ROOT },
      workingDirectory: ROOT,
    });
    expect(errors).toEqual([]);
    // what is unsafe about trying it out on one machine; nothing is misspelt or without effect
    const said = warnings.map((warning) => /DevelopmentBroker|S3\.Endpoint|SslEnabled/.exec(warning)?.[0] ?? warning);
    expect(said.sort()).toEqual(['DevelopmentBroker', 'S3.Endpoint', 'SslEnabled']);
    expect(configuration!.Annal).toMatchObject({
      Roles: [environment!.ANNAL_ROLE, 'jobs'],
      EventLog: { Kind: 'kafka' },
      Storage: { Kind: 's3' },
      Database: { Url: environment!.ANNAL_DATABASE_URL },
    });
  });

  it('name services, volumes and files that there are', () => {
    for (const { depends_on: needed = [], volumes = [] } of Object.values(compose.services)) {
      const names = Array.isArray(needed) ? (needed as readonly string[]) : Object.keys(needed);
      for (const name of names) expect(compose.services).toHaveProperty([name]);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty([volume.split(':')[0]!]);
    }
    const copied = [...read('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const source of copied) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
  });

  /** Where each service keeps what has to outlive its container. */
  const kept: [service: string, folder: (service: Service) => string | undefined][] = [
    // any KAFKA_ variable makes the image forget its own defaults, and Kafka's is a folder below /tmp
    ['kafka', ({ environment }) => environment!.KAFKA_LOG_DIRS],
    // PGDATA of the image, from version 18 on
    ['postgres', ({ image }) => `/var/lib/postgresql/${/:(\d+)/.exec(image!)![1]}/docker`],
    ['s3', ({ command }) => command!.at(-1)],
  ];
  it.each(kept)('keep the data of %s in a volume, and start it again', (name, folder) => {
    const service = compose.services[name]!;
    const mounted = service.volumes!.map((volume) => volume.split(':')[1]!);
    expect(mounted.some((path) => `${folder(service)}/`.startsWith(`${path}/`))).toBe(true);
    expect(service.restart).toBe('unless-stopped');
  });

  it.each(Object.entries(compose.services).filter(([, { image }]) => image !== 'annal'))(
    'name one version of the image of %s',
    (_name, { image }) => {
      expect(image).toMatch(/:v?\d[\d.]*$/);
    },
  );

  it('send to the engine what is copied, and nothing else', () => {
    const kept = [...read('deploy/Dockerfile.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path!);
    const copied = [...read('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    );
    expect(kept.sort()).toEqual([...new Set(copied)].sort());
  });
});

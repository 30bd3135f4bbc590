import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DicomDictionary } from '@annal/dicom';
import { type AnnalConfiguration, loadConfiguration } from '@annal/platform';
import type { Type } from '@nestjs/common';
import { pino } from 'pino';
import { runtimeDefaults } from '../../server/runtime-defaults.js';
import type { RuntimeSettings, RuntimeValues } from '../../server/runtime-settings.js';
import type { AppContext } from '../app-context.js';
import { createHttpApp } from '../app.js';

/** A running application on a port of its own. */
export interface TestApp {
  readonly url: string;
  readonly port: number;
  readonly context: AppContext;
  /** A provider of the application. */
  get<T>(type: Type<T>): T;
  close(): Promise<void>;
}

/** A checked configuration from a file with these options; relative paths start in a folder that is not there. */
export function testConfiguration(options: object = {}): AnnalConfiguration {
  const folder = mkdtempSync(join(tmpdir(), 'annal-test-'));
  try {
    const file = join(folder, 'annal.json');
    writeFileSync(file, JSON.stringify(options));
    const source = { paths: [file], environment: {}, workingDirectory: folder, secretsFolder: join(folder, 'none') };
    const { configuration, errors } = loadConfiguration(source);
    if (!configuration) throw new Error(errors.join('\n'));
    return configuration;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Settings that live in this process alone. */
export class LocalSettings implements RuntimeSettings {
  constructor(private values: RuntimeValues) {}

  get<K extends keyof RuntimeValues>(name: K): RuntimeValues[K] {
    return this.values[name];
  }

  async set<K extends keyof RuntimeValues>(name: K, value: RuntimeValues[K]): Promise<void> {
    this.values = { ...this.values, [name]: value };
  }
}

/**
 * Starts the application on a free port of this machine.
 * @param options the configuration file
 * @param parts what stands in for parts that fail when they are used
 */
export async function startTestApp(options: object = {}, parts: Partial<AppContext> = {}): Promise<TestApp> {
  const configuration = parts.configuration ?? testConfiguration(options);
  const context: AppContext = {
    configuration,
    pool: absent('pool'),
    eventWriter: absent('eventWriter'),
    eventLog: { ...absent<AppContext['eventLog']>('eventLog'), logId: '00000000-0000-7000-8000-000000000000' },
    blobStore: absent('blobStore'),
    vault: absent('vault'),
    run: randomUUID(),
    resourceLookup: absent('resourceLookup'),
    storageQuota: absent('storageQuota'),
    runtimeSettings: new LocalSettings(runtimeDefaults(configuration)),
    serverControl: absent('serverControl'),
    metricsSource: { text: async () => '' },
    logger: pino({ level: 'silent' }),
    dictionary: new DicomDictionary(),
    ...parts,
  };
  const app = await createHttpApp(context);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const scheme = configuration.SslEnabled ? 'https' : 'http';
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    context,
    get: (type) => app.get(type, { strict: false }),
    close: () => app.close(),
  };
}

/** Hooks that the framework looks for on everything it holds. */
const HOOKS = /^(then$|on[A-Z]|before[A-Z])/;

function absent<T extends object>(name: string): T {
  const refuse = (): never => {
    throw new Error(`This test has no ${name}`);
  };
  return new Proxy({} as T, {
    get: (_target, property) => (typeof property === 'string' && !HOOKS.test(property) ? refuse : undefined),
  });
}

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LoadedConfiguration, loadConfiguration } from '../load.js';

/** A folder with configuration files for a test, removed by `remove`. */
export class TemporaryConfiguration {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'annal-configuration-')));

  /** Writes a file: text as it is, anything else as JSON. Returns its path. */
  write(name: string, content: unknown): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  /** Loads paths of this folder, which is the working directory; secrets are those in its folder "secrets". */
  load(paths: readonly string[], environment: Record<string, string> = {}): LoadedConfiguration {
    return loadConfiguration({
      paths,
      environment,
      workingDirectory: this.folder,
      secretsFolder: join(this.folder, 'secrets'),
    });
  }

  /** Writes one file with this content and loads it. */
  loadContent(content: unknown, environment: Record<string, string> = {}): LoadedConfiguration {
    return this.load([this.write('annal.json', content)], environment);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

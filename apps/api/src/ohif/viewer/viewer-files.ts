import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A file of the viewer. */
export interface ViewerFile {
  /** Its media type. */
  readonly type: string;
  /** Changes with its content. */
  readonly digest: string;
  /** Sizes in bytes of the file and of its compressed copies. */
  readonly sizes: Readonly<Partial<Record<Coding, number>>>;
}

/** How a file is stored: as it is, or compressed (RFC 9110, section 8.4.1; RFC 7932). */
export type Coding = 'identity' | 'gzip' | 'br';

const SUFFIXES: Readonly<Record<Coding, string>> = { identity: '', gzip: '.gz', br: '.br' };

/** Where the set-up (`npm run viewer`) puts it: below the packages, wherever those are. */
const PREPARED = join(createRequire(import.meta.url).resolve('@nestjs/core'), '../../../.cache/annal-ohif');

/** The viewer's files as the set-up made them ready. Only what it listed is there: no path of a request becomes one of a file. */
export class ViewerFiles {
  private readonly files: ReadonlyMap<string, ViewerFile>;

  /** @param folder that the set-up made */
  constructor(private readonly folder: string = PREPARED) {
    this.files = listed(folder);
  }

  /** Whether the set-up was done. */
  get areThere(): boolean {
    return this.files.size > 0;
  }

  find(path: string): ViewerFile | undefined {
    return this.files.get(path);
  }

  /** Where a file that was found lies. */
  locationOf(path: string, coding: Coding): string {
    return join(this.folder, 'dist', `${path}${SUFFIXES[coding]}`);
  }

  /** The text of a file that is there. */
  read(path: string): string {
    return readFileSync(this.locationOf(path, 'identity'), 'utf8');
  }
}

function listed(folder: string): ReadonlyMap<string, ViewerFile> {
  let text: string;
  try {
    text = readFileSync(join(folder, 'viewer.json'), 'utf8');
  } catch {
    return new Map();
  }
  const { files } = JSON.parse(text) as { readonly files: Readonly<Record<string, ViewerFile>> };
  return new Map(Object.entries(files));
}

import { closeSync, constants, mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileMaker } from './file-maker.js';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

describe('a maker of files', () => {
  const root = mkdtempSync(join(tmpdir(), 'annal-maker-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('hands over descriptors that stay open when its thread ends', async () => {
    const maker = new FileMaker();
    const paths = ['a', 'b'].map((name) => join(root, name));
    const descriptors = await maker.make({ paths, flags: FLAGS, directories: [root] });
    await maker.close();
    for (const descriptor of descriptors) {
      writeSync(descriptor, 'bytes');
      closeSync(descriptor);
    }
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['bytes', 'bytes']);
  });

  it('makes all or none', async () => {
    const maker = new FileMaker();
    const paths = [join(root, 'c'), join(root, 'missing', 'd')];
    await expect(maker.make({ paths, flags: FLAGS, directories: [] })).rejects.toThrow('ENOENT');
    expect(() => readFileSync(paths[0]!)).toThrow('ENOENT');
    await maker.close();
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type JsonObject, setOwn } from '../json.js';
import { parseObject, toPlainJson } from './relaxed-json.js';
import { type ConfigurationDocument, type ConfigurationSource, type Findings } from './source.js';
import { substituteEnvironment } from './substitution.js';

/**
 * Reads and merges the configuration files. As in Orthanc, a folder stands for all its `.json` files (in any case, not
 * those of folders in it), and no top-level key may stand in two files. Problems go to the document's findings.
 */
export function readFiles(source: ConfigurationSource): ConfigurationDocument {
  const findings: Findings = { errors: [], warnings: [] };
  const content: JsonObject = {};
  const folderOf = new Map<string, string>();
  const fileOf = new Map<string, string>();
  const files = source.paths.flatMap((path) => filesAt(resolve(source.workingDirectory, path), findings));
  for (const file of files) {
    for (const [key, value] of Object.entries(readFile(file, source, findings))) {
      const earlier = fileOf.get(key);
      if (earlier !== undefined) {
        findings.errors.push(`${key} is defined in two files, ${earlier} and ${file}: keep one of them`);
        continue;
      }
      fileOf.set(key, file);
      folderOf.set(key, dirname(file));
      setOwn(content, key, value);
    }
  }
  const defaultFolder = files[0] === undefined ? source.workingDirectory : dirname(files[0]);
  return { content, folderOf, defaultFolder, workingDirectory: source.workingDirectory, findings };
}

function filesAt(path: string, findings: Findings): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.json'))
      .map((entry) => entry.name);
    if (names.length === 0) findings.warnings.push(`the configuration folder ${path} has no .json file`);
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    findings.errors.push(`cannot read the configuration at ${path}: ${reason(error)}`);
    return [];
  }
}

function readFile(file: string, source: ConfigurationSource, findings: Findings): JsonObject {
  try {
    const plain = toPlainJson(readFileSync(file, 'utf8'));
    const text = substituteEnvironment(plain, source.environment, (name) =>
      findings.warnings.push(`${file} uses the environment variable ${name}, which is not set: taken as empty`),
    );
    return parseObject(text);
  } catch (error) {
    findings.errors.push(`cannot read the configuration file ${file}: ${reason(error)}`);
    return {};
  }
}

/** What a message says of an error: the system's code in words where there is one. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied';
  return error instanceof Error ? error.message : String(error);
}

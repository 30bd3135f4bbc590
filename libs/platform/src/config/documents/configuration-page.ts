import { type Option } from '../option.js';
import { OPTION_GROUPS } from '../options/index.js';
import { describeDefault, flatten, type OptionGroup } from './describe.js';

const INTRODUCTION = `# Configuration

<!-- Made from the typed options by "npm run docs:configuration". Do not edit. -->

Annal reads Orthanc's configuration: \`bin/annal config.json\`, \`npm start -- config.json\`, or a folder of files.
\`bin/annal --config=FILE\` writes a commented file with all defaults.

- **Files.** JSON with \`//\` and \`/* */\` comments and commas before a closing bracket. A folder stands for all its
  \`.json\` files, and several files and folders may be given; a top-level key must stand in one file only.
- **Variables in files.** \`\${NAME}\` and \`\${NAME:-default}\` take the value of an environment variable, as it is, so
  that it can also stand for a number. The default counts for a variable that is not set.
- **Environment.** \`ORTHANC__STABLE_AGE=30\` sets \`StableAge\`, \`ORTHANC__DICOM_WEB__ROOT=/dicom/\` sets \`DicomWeb.Root\`,
  \`ORTHANC__ANNAL__DATABASE__URL\` sets \`Annal.Database.Url\`; a value may be JSON. \`ORTHANC_JSON\` holds a whole
  configuration. Files named like such a variable in \`/run/secrets\` count too. What comes later wins: files,
  \`ORTHANC_JSON\`, variables, secrets.
- **Paths.** A relative path starts from the folder of the configuration file (without one: from the working directory),
  unless its description says otherwise.
- **Checks.** All values are checked before the server starts. An unknown key is a warning; a value of a wrong type, a
  file or folder that cannot be used, and an unsafe combination are refused, each with the way out. Sections of Orthanc
  plugins that Annal has no counterpart of are reported and ignored.
- **Status.** *used*: in effect. *planned*: checked and kept for a later version, and reported when set. *no effect*:
  accepted, because Orthanc has it, and reported when set.

\`RemoteAccessEnabled\`, an older name of \`RemoteAccessAllowed\`, still works. With \`RemoteAccessAllowed\`, either
\`RegisteredUsers\` has somebody or \`AuthenticationEnabled\` is deliberately \`false\`: there is no default password.
`;

/** The page docs/configuration.md: every option with its type, default, status and meaning. */
export function configurationPage(): string {
  return [INTRODUCTION, ...OPTION_GROUPS.map(chapter)].join('\n');
}

function chapter({ title, options }: OptionGroup): string {
  const head = '| Option | Type | Default | Status | Meaning |\n| --- | --- | --- | --- | --- |';
  const rows = flatten(options).map(({ path, option }) => row(path, option));
  return `## ${title}\n\n${[head, ...rows].join('\n')}\n`;
}

function row(path: string, option: Option<unknown>): string {
  const type = option.type.name.replace(/^an? /, '');
  const unit = option.unit === undefined ? '' : `, ${option.unit}`;
  const value = option.defaultNote === undefined ? `\`${describeDefault(option)}\`` : describeDefault(option);
  const from = option.relativeTo === 'working-directory' ? ' A relative path starts from the working directory.' : '';
  const cells = [`\`${path}\``, `${type}${unit}`, value, option.status.replace('-', ' '), option.description + from];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |`;
}

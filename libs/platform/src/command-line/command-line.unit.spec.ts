import { parseCommandLine } from './command-line.js';
import { HELP } from './help.js';

const QUIET = { level: 'default', categories: {} };
const DEFAULTS = { configurationPaths: [], log: QUIET, resumeJobs: true, upgrade: false };

describe('the command line', () => {
  it('runs the server with the defaults when it is empty', () => {
    expect(parseCommandLine([])).toEqual({ command: 'serve', ...DEFAULTS });
  });

  it('takes several configurations and options in any order', () => {
    expect(parseCommandLine(['a.json', '--verbose', 'folder', '--no-jobs', '--upgrade', '--', '--odd.json'])).toEqual({
      command: 'serve',
      configurationPaths: ['a.json', 'folder', '--odd.json'],
      log: { level: 'verbose', categories: {} },
      resumeJobs: false,
      upgrade: true,
    });
  });

  it('reads log options from left to right', () => {
    expect(
      parseCommandLine(['--trace-http', '--verbose', '--trace-dicom', '--verbose-jobs', '--logfile=a.log']),
    ).toMatchObject({
      log: { level: 'verbose', categories: { dicom: 'trace', jobs: 'verbose' }, file: 'a.log' },
    });
    expect(parseCommandLine(['--logfile=a.log', '--logdir=logs'])).toMatchObject({
      log: { folder: 'logs', file: undefined },
    });
  });

  it.each([
    [['--version'], { command: 'version' }],
    [['--help'], { command: 'help' }],
    [['-h'], { command: 'help' }],
    [['--errors'], { command: 'errors' }],
    [['--config=all.json'], { command: 'write-configuration', file: 'all.json' }],
    [['--config=-'], { command: 'write-configuration', file: '-' }],
    [['--openapi=api.json'], { command: 'write-openapi', file: 'api.json' }],
  ])('understands %j', (argv, expected) => {
    expect(parseCommandLine(argv)).toEqual(expected);
  });

  it('passes options of its own on to rebuild', () => {
    expect(parseCommandLine(['rebuild', '--verbose', '--dry-run', 'annal.json'])).toEqual({
      command: 'rebuild',
      ...DEFAULTS,
      options: ['--dry-run'],
      configurationPaths: ['annal.json'],
      log: { level: 'verbose', categories: {} },
    });
  });

  it.each([['--foo'], ['-v'], ['--verbose=yes'], ['--trace-nothing'], ['--logfile='], ['--logdir'], ['--constructor']])(
    'refuses %s',
    (option) => {
      expect(parseCommandLine([option])).toEqual({
        command: 'refuse',
        message: `unknown option ${option}. See annal --help`,
      });
    },
  );

  it('says what --config lacks', () => {
    expect(parseCommandLine(['--config'])).toEqual({
      command: 'refuse',
      message: '--config needs a file: --config=FILE. See annal --help',
    });
  });

  it("obeys the variables of Orthanc's container images", () => {
    const environment = {
      VERBOSE_ENABLED: 'true',
      NO_JOBS: 'true',
      TRACE_ENABLED: 'false',
      LOGFILE: '/logs/annal.log',
    };
    expect(parseCommandLine([], environment)).toMatchObject({
      resumeJobs: false,
      log: { level: 'verbose', file: '/logs/annal.log' },
    });
  });

  it('is explained by --help, every option of it', () => {
    const options = [
      '--version',
      '--config=',
      '--openapi=',
      '--errors',
      '--verbose',
      '--trace',
      '--logfile=',
      '--logdir=',
    ];
    for (const option of [...options, '--no-jobs', '--upgrade', 'rebuild']) expect(HELP).toContain(option);
  });
});

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

  it('rebuilds the read models, or others as they were', () => {
    expect(parseCommandLine(['rebuild', '--verbose', 'annal.json'])).toEqual({
      command: 'rebuild',
      ...DEFAULTS,
      configurationPaths: ['annal.json'],
      log: { level: 'verbose', categories: {} },
    });
    expect(parseCommandLine(['rebuild', '--until', '42', 'annal.json', '--schema=before'])).toEqual({
      command: 'rebuild',
      ...DEFAULTS,
      past: { until: 42, schema: 'before' },
      configurationPaths: ['annal.json'],
    });
    expect(parseCommandLine(['rebuild', '--schema', 'a', '--until', '2026-11-21T13:00:00+01:00'])).toMatchObject({
      past: { until: new Date('2026-11-21T12:00:00Z'), schema: 'a' },
    });
    expect(parseCommandLine(['rebuild', '--schema', 'a', '--until', '2026-11-21'])).toMatchObject({
      past: { until: new Date(2026, 10, 21) },
    });
  });

  it('looks at events and decides about them', () => {
    const events = { command: 'events', ...DEFAULTS, configurationPaths: ['annal.json'] };
    expect(parseCommandLine(['events', 'show', 'annal.json'])).toEqual({ ...events, action: 'show' });
    expect(parseCommandLine(['events', 'show', '0', 'annal.json'])).toEqual({ ...events, action: 'show', offset: 0 });
    expect(parseCommandLine(['events', 'retry', 'annal.json'])).toEqual({ ...events, action: 'retry' });
    const skip = { ...events, action: 'skip', offset: 7, reason: '-- no DICOM', force: false };
    expect(parseCommandLine(['events', 'skip', '7', '--reason', '-- no DICOM', 'annal.json'])).toEqual(skip);
    expect(parseCommandLine(['events', '--force', 'skip', '7', 'annal.json', '--reason=-- no DICOM'])).toEqual({
      ...skip,
      force: true,
    });
  });

  it.each([
    [['events'], '"events" needs to know what to do: show, retry or skip'],
    [['events', 'drop'], '"events" needs to know what to do: show, retry or skip'],
    [['events', 'skip', '--reason', 'x'], '"events skip" needs the offset of the event'],
    [['events', 'skip', '7'], '"events skip" needs a reason: --reason TEXT'],
    [['events', 'skip', '7', '--reason'], '"events skip" needs a reason: --reason TEXT'],
    [['events', 'skip', '7', '--reason', ' '], '"events skip" needs a reason: --reason TEXT'],
    [['events', 'retry', '7'], '"events retry" tries whatever stands in the way: it takes no offset'],
    [['events', 'show', '--force'], '--force belongs to "events skip"'],
    [['events', 'skip', '7', '--force=yes'], 'unknown option --force=yes'],
    [['rebuild', '--dry-run'], 'unknown option --dry-run'],
    [['--until', '3'], 'unknown option --until'],
    [['rebuild', '--until', '3'], '--until needs a schema of its own: --schema NAME'],
    [['rebuild', '--schema', 'x'], '--schema needs to know as of when: --until TIME or POSITION'],
    [
      ['rebuild', '--schema', 'x', '--until', 'yesterday'],
      '--until takes a position (a number) or a time such as 2026-11-21T13:00 or 2026-11-21T12:00:00Z',
    ],
    [
      ['rebuild', '--schema', 'x', '--until', '2026-13-41'],
      '--until takes a position (a number) or a time such as 2026-11-21T13:00 or 2026-11-21T12:00:00Z',
    ],
  ])('refuses %j', (argv, message) => {
    expect(parseCommandLine(argv)).toEqual({ command: 'refuse', message: `${message}. See annal --help` });
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
    const commands = [
      'rebuild',
      '--until',
      '--schema',
      'events show',
      'events retry',
      'events skip',
      '--reason',
      '--force',
    ];
    for (const option of [...options, '--no-jobs', '--upgrade', ...commands]) expect(HELP).toContain(option);
  });
});

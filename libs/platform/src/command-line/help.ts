import { LOG_CATEGORIES } from './log-options.js';

/** What --help prints. */
export const HELP = `Usage: annal [OPTION]... [CONFIGURATION]...
       annal rebuild [--until TIME|POSITION --schema NAME] [OPTION]... [CONFIGURATION]...
       annal events show [OFFSET] [OPTION]... [CONFIGURATION]...
       annal events retry [OPTION]... [CONFIGURATION]...
       annal events skip OFFSET --reason TEXT [--force] [OPTION]... [CONFIGURATION]...

Annal, a DICOM server. CONFIGURATION is a JSON file, or a folder whose .json files are merged; without one, everything
has its default.

Beside running servers:
  rebuild            make the read models anew from the event log
    --until, --schema  make them as they were, up to a position in the log or a time, in a schema of their own
  events show        list the events that cannot be folded; with OFFSET, show any event, without values of tags
  events retry       try again to fold what stands in the way
  events skip        pass over an event that cannot be folded, for ever; --reason says why, for whoever asks later
    --force            also one that the fold has not reached yet

Options, read from left to right:
  --help             print this and exit
  --version          print the version and exit
  --config=FILE      write a commented configuration with all defaults and exit ("-": to the standard output)
  --openapi=FILE     write the OpenAPI document of the REST API and exit ("-": to the standard output)
  --errors           print the error codes and exit
  --verbose          log what happens
  --trace            log every detail
  --verbose-CATEGORY, --trace-CATEGORY
                     the same for one category: ${LOG_CATEGORIES.join(', ')}
  --logfile=FILE     log to a file, not to the standard error
  --logdir=FOLDER    log to a new file in this folder
  --no-jobs          forget the jobs of the last run
  --upgrade          allow the database of an older version to be upgraded; that version cannot read it any more

Exit status: 0 if all went well.
`;

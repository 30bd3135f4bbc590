/** What is read of one frame, or of all of an instance. */
const IMAGES = ['preview', 'rendered', 'image-uint8', 'image-uint16', 'image-int16', 'matlab', 'numpy'];
const LEVELS = ['patients', 'studies', 'series', 'instances'];

/**
 * The routes of the REST API, `GET` but for the export, that hand out files, pixel data, or values of files; archives,
 * which have a trace of their own, apart. `every-read.int.spec.ts` asks all that are served.
 */
export const REST_READS: ReadonlySet<string> = new Set([
  'GET /instances/:id/file',
  'GET /instances/:id/pdf',
  'GET /instances/:id/content/*',
  'POST /instances/:id/export',
  ...IMAGES.flatMap((image) => [`GET /instances/:id/${image}`, `GET /instances/:id/frames/:frame/${image}`]),
  'GET /instances/:id/frames/:frame/raw',
  'GET /instances/:id/frames/:frame/raw.gz',
  'GET /series/:id/numpy',
  ...LEVELS.flatMap((level) => [
    `GET /${level}/:id/attachments/:name/data`,
    `GET /${level}/:id/attachments/:name/compressed-data`,
  ]),
]);

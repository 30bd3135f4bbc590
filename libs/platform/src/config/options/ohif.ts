import { boolean, oneOf, pattern, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';

/** The built-in OHIF viewer. */
export const OHIF_OPTIONS = section('The OHIF viewer.', {
  DataSource: option(
    oneOf('dicom-json', 'dicom-web'),
    'dicom-json',
    'planned',
    'How the viewer gets its images: "dicom-web" also shows a list of studies.',
  ),
  RouterBasename: option(
    pattern('a path that starts with a slash', /^\/[^\s?#]*$/),
    '/ohif/',
    'planned',
    "The viewer's path as browsers see it, behind a reverse proxy.",
  ),
  UserConfiguration: optional(text, 'planned', "A JavaScript file with the viewer's own settings (window.config).", {
    relativeTo: 'working-directory',
    defaultNote: 'none',
  }),
  Preload: option(
    boolean,
    true,
    'no-effect',
    "Whether the viewer's data are prepared when images arrive; Annal always has them.",
  ),
});

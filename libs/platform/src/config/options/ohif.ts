import { boolean, oneOf, pattern, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';

/** The built-in OHIF viewer. */
export const OHIF_OPTIONS = section('The OHIF viewer.', {
  DataSource: option(
    oneOf('dicom-json', 'dicom-web'),
    'dicom-json',
    'used',
    'How the viewer gets its images: "dicom-web" also shows a list of studies.',
  ),
  RouterBasename: option(
    pattern('a path that starts with a slash', /^\/[^\s?#]*$/),
    '/ohif/',
    'used',
    "The viewer's path as browsers see it, behind a reverse proxy.",
  ),
  UserConfiguration: optional(text, 'used', "A JavaScript file with the viewer's own settings (window.config).", {
    relativeTo: 'working-directory',
    defaultNote: 'none',
  }),
  Preload: option(
    boolean,
    true,
    'used',
    'Whether metadata 4202 is there for every instance from its arrival on; else from the first look at its study on.',
  ),
});

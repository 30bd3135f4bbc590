import { type ArchiveState } from '@annal/projections';
import { ANNAL_VERSION, type AnnalConfiguration } from '@annal/platform';
import { withSlashes } from '../../http/path.js';
import { CLAIM } from './claim.js';
import type { RecentStudy } from './recent-studies.js';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#222}' +
  'table{border-collapse:collapse}td{padding:.2rem 1.5rem .2rem 0}td+td{text-align:right}' +
  '.studies td{text-align:left}' +
  '@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}a{color:#8bf}}';

/** The icon in a browser's tab. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#246"/>' +
  '<path d="M3 4h10M3 8h10M3 12h6" stroke="#fff" stroke-width="2"/></svg>';

/** A page that says what this is, what it holds, and where to go on. @param recent the studies that lead to the viewer */
export function startPage(
  { DicomWeb, Name, OHIF }: Pick<AnnalConfiguration, 'DicomWeb' | 'Name' | 'OHIF'>,
  state: ArchiveState | undefined,
  recent: readonly RecentStudy[],
): string {
  const counts = (['patients', 'studies', 'series', 'instances'] as const)
    .map((level) => `<tr><td><a href="../${level}">${level}</a></td><td>${state?.[level] ?? 0}</td></tr>`)
    .join('');
  const title = escapeHtml(Name);
  const hasList = OHIF.DataSource === 'dicom-web';
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><link rel="icon" href="images/favicon.ico"><style>${STYLE}</style></head>
<body><h1>${title}</h1>
<p>Annal ${ANNAL_VERSION}, which answers the REST API of Orthanc ${CLAIM.Version}.</p>
<table>${counts}</table>
${studyTable(recent, hasList)}${hasList ? '<p><a href="../ohif/">All studies in the viewer</a></p>\n' : ''}${clientLink(DicomWeb)}<p><a href="../swagger">The API</a>, <a href="../system">this server</a>, <a href="../changes">changes</a>,
<a href="../events">events</a>, <a href="../tools/metrics-prometheus">metrics</a>,
<a href="../health/ready">health</a></p></body></html>
`;
}

/** Where other DICOMweb servers are searched. */
function clientLink({ Enable, Root }: AnnalConfiguration['DicomWeb']): string {
  if (!Enable) return '';
  return `<p><a href="..${escapeHtml(withSlashes(Root))}app/client/index.html">Other DICOMweb servers</a></p>\n`;
}

function studyTable(recent: readonly RecentStudy[], hasList: boolean): string {
  if (recent.length === 0) return '';
  const rows = recent.map((study) => {
    const { patientName, patientId, date, description } = study;
    const link = `<a href="${escapeHtml(viewerLink(study, hasList))}">${escapeHtml(patientName || patientId || 'Study')}</a>`;
    return `<tr><td>${link}</td><td>${escapeHtml(date)}</td><td>${escapeHtml(description)}</td></tr>`;
  });
  return `<h2>Latest studies</h2>\n<table class="studies">${rows.join('\n')}</table>\n`;
}

/** Where the viewer shows a study, relative to the page. */
function viewerLink({ id, uid }: RecentStudy, hasList: boolean): string {
  return hasList
    ? `../ohif/viewer?StudyInstanceUIDs=${encodeURIComponent(uid)}`
    : `../ohif/viewer?url=../studies/${id}/ohif-dicom-json`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

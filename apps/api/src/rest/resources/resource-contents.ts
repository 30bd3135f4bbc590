import type { RowContents } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';

/** What of a resource is shown, beside identifier and type. */
export interface ResourceContents {
  readonly attachments: boolean;
  readonly children: boolean;
  /** LastUpdate, ExpectedNumberOfInstances, IndexInSeries, FileSize, FileUuid. */
  readonly details: boolean;
  readonly labels: boolean;
  readonly mainTags: boolean;
  readonly metadata: boolean;
  readonly parent: boolean;
  readonly stable: boolean;
  readonly status: boolean;
}

/** What an expanded resource shows. */
export const EXPANDED: ResourceContents = {
  attachments: false,
  children: true,
  details: true,
  labels: true,
  mainTags: true,
  metadata: false,
  parent: true,
  stable: true,
  status: true,
};

const NAMES: Readonly<Record<string, keyof ResourceContents | null>> = {
  Attachments: 'attachments',
  Children: 'children',
  IsStable: 'stable',
  Labels: 'labels',
  MainDicomTags: 'mainTags',
  Metadata: 'metadata',
  Parent: 'parent',
  // shown whenever there are some
  RequestedTags: null,
  Status: 'status',
};

/** What `ResponseContent` may name. */
export const CONTENT_NAMES: readonly string[] = Object.keys(NAMES);

/** The contents that `ResponseContent` names. @throws OrthancError 400 */
export function parseContents(names: readonly string[]): ResourceContents {
  const contents: Record<keyof ResourceContents, boolean> = {
    attachments: false,
    children: false,
    details: false,
    labels: false,
    mainTags: false,
    metadata: false,
    parent: false,
    stable: false,
    status: false,
  };
  for (const name of names) {
    const content = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (content === undefined) {
      throw new OrthancError('ParameterOutOfRange', `Unrecognized value for "ResponseContent": ${name}`);
    }
    if (content !== null) contents[content] = true;
  }
  return contents;
}

/** What must be read to show them. */
export function rowContentsOf(contents: ResourceContents): RowContents {
  const { attachments, children, details, labels, mainTags, metadata, parent, stable, status } = contents;
  return {
    attachments,
    children,
    details,
    file: details || attachments,
    labels,
    mainTags,
    metadata,
    parent,
    stable,
    status,
  };
}

import type { RecordedEvent } from '@annal/domain';

/** Which events are wanted; what is absent does not matter. */
export interface EventFilter {
  /** Types, or their beginnings, e.g. `annal.instance.stored`; several by `;` or `,`. */
  readonly type?: string;
  /** The Orthanc identifier of a patient, study, series or instance that the event is about. */
  readonly resource?: string;
}

/** Whether an event is wanted. */
export function eventMatcher({ type, resource }: EventFilter): (event: RecordedEvent) => boolean {
  const types = type?.split(/[;,]/).filter((one) => one !== '');
  return (event) =>
    (types === undefined || types.some((one) => event.type === one || event.type.startsWith(`${one}.`))) &&
    (resource === undefined || isAbout(event, resource));
}

/**
 * Whether an event names a resource: as its subject, as what its data is about, as one of its instance's parents, or among
 * what it says was exported.
 */
function isAbout(event: RecordedEvent, resource: string): boolean {
  if (event.subject.endsWith(`/${resource}`)) return true;
  const { id, ids, resources, arrived } = event.data as {
    readonly id?: unknown;
    readonly ids?: object;
    readonly resources?: readonly object[];
    readonly arrived?: readonly { readonly id: string }[];
  };
  if (id === resource || (ids !== undefined && Object.values(ids).includes(resource))) return true;
  if (arrived?.some((one) => one.id === resource)) return true;
  return resources !== undefined && resources.some((line) => Object.values(line).includes(resource));
}

import type { Job, JobObject, Level } from '@annal/domain';

/** What a job is to send to another server. */
export interface StowOrder {
  readonly server: string;
  /** The run of this server in which the other one is known so; absent in orders of before it was noted. */
  readonly run?: string;
  /** Orthanc identifiers of what was asked for, by level. */
  readonly resources: Readonly<Partial<Record<ResourceList, readonly string[]>>>;
  /** Further instances, all that are below them, where these are few enough to be listed. Former orders: in `resources`. */
  readonly below?: readonly string[];
  /** What was asked for: of former orders, from whose `resources` it cannot be told. */
  readonly ids?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The number of the last change that counts: what came later is not sent. */
  readonly asOf: number;
  readonly series: number;
  readonly instances: number;
}

/** What Orthanc calls the lists of identifiers of a level. */
export type ResourceList = 'Patients' | 'Studies' | 'Series' | 'Instances';
export const LISTS = {
  Patient: 'Patients',
  Study: 'Studies',
  Series: 'Series',
  Instance: 'Instances',
} as const satisfies Record<Level, ResourceList>;

/** Orthanc identifiers of what was asked for, each once. */
export function resourcesOf({ ids, resources }: Pick<StowOrder, 'ids' | 'resources'>): readonly string[] {
  return ids ?? Object.values(resources).flat();
}

/**
 * What is shown of the job, all of which follows from its order but the bytes sent; numbers as texts, as Orthanc has them.
 */
export function shownOf({ parameters, content }: Pick<Job, 'parameters' | 'content'>): JobObject {
  const { server, resources, below = [], instances } = parameters as unknown as StowOrder;
  const listed = [...below, ...(resources.Instances ?? [])];
  return {
    InstancesCount: String(instances),
    NetworkSizeMB: content.NetworkSizeMB ?? '0',
    Resources:
      Object.keys(resources).length === 0 ? null : { ...resources, ...(listed.length > 0 && { Instances: listed }) },
    Server: server,
  };
}

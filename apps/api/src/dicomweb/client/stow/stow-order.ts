import type { Job, JobObject, Level } from '@annal/domain';

/** What a job is to send to another server. */
export interface StowOrder {
  readonly server: string;
  /** The run of this server in which the other one is known so; absent in orders of before it was noted. */
  readonly run?: string;
  /** Orthanc identifiers as they were asked for, each once. */
  readonly ids: readonly string[];
  /** The same by their levels, with all instances below them where these are few enough to be listed. */
  readonly resources: Readonly<Partial<Record<ResourceList, readonly string[]>>>;
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

/**
 * What is shown of the job, all of which follows from its order but the bytes sent; numbers as texts, as Orthanc has them.
 */
export function shownOf({ parameters, content }: Pick<Job, 'parameters' | 'content'>): JobObject {
  const { server, resources, instances } = parameters as unknown as StowOrder;
  return {
    InstancesCount: String(instances),
    NetworkSizeMB: content.NetworkSizeMB ?? '0',
    Resources: Object.keys(resources).length === 0 ? null : resources,
    Server: server,
  };
}

/** Asks the read models, before anything is appended, whether an instance is there. */
export interface InstanceLookup {
  /** The MD5 of the stored instance's file; undefined when there is none. */
  md5Of(instanceId: string): Promise<string | undefined>;
}

/** A plugin of Orthanc whose duty is built in. */
export interface BuiltInPlugin {
  /** The name by which clients look for it. */
  readonly id: string;
  readonly description: string;
  /** The version of the plugin that is stood in for. */
  readonly version: string;
  /** Its web interface, relative to the folder of the Explorer. */
  readonly rootUri?: string;
}

/** The plugins whose duties this version has: clients switch features on by them, so none is listed that is not there. */
export const BUILT_IN_PLUGINS: readonly BuiltInPlugin[] = [];

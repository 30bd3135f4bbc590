/** What `PUT /tools/…` changes while the server runs. Changes reach every process before `set` resolves. */
export interface RuntimeSettings {
  get<K extends keyof RuntimeValues>(name: K): RuntimeValues[K];
  set<K extends keyof RuntimeValues>(name: K, value: RuntimeValues[K]): Promise<void>;
}

/** The values and their names; defaults come from the configuration. */
export interface RuntimeValues {
  /** Orthanc's name of the encoding, e.g. `Latin1`. */
  defaultEncoding: string;
  metricsEnabled: boolean;
  unknownSopClassAccepted: boolean;
  /** UIDs or patterns with `*`. */
  acceptedTransferSyntaxes: readonly string[];
  /** `default`, `verbose` or `trace`, by category (`` for all, `generic`, `http`, …). */
  logLevels: Readonly<Record<string, string>>;
}

/** Who may log in, as in deploy/compose.yaml: the name and the password. */
export const USER = 'annal';

/** How to reach an S3 server. */
export interface S3Access {
  /** http://host:port */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the processes of a cluster share. */
export interface SharedServices {
  readonly databaseUrl: string;
  /** host:port */
  readonly broker: string;
  /** Undefined: files lie in the folder that all processes share. */
  readonly s3: (S3Access & { readonly bucket: string }) | undefined;
}

/** The environment that deploy/annal.json reads, but for what differs between processes. */
export function environmentOf({ databaseUrl, broker, s3 }: SharedServices): Record<string, string> {
  return {
    ANNAL_USER: USER,
    ANNAL_PASSWORD: USER,
    ANNAL_DATABASE_URL: databaseUrl,
    ANNAL_KAFKA_BROKER: broker,
    ANNAL_STORAGE: s3 ? 's3' : 'filesystem',
    ANNAL_S3_BUCKET: s3?.bucket ?? 'none',
    ANNAL_S3_ENDPOINT: s3?.endpoint ?? 'http://localhost',
    ANNAL_S3_ACCESS_KEY_ID: s3?.accessKeyId ?? 'none',
    ANNAL_S3_SECRET_ACCESS_KEY: s3?.secretAccessKey ?? 'none',
  };
}

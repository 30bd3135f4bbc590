/** How this PostgreSQL differs from PostgreSQL's defaults: for one archive on a laptop or a small server. */
export interface ServerSettings {
  readonly socketDirectory: string;
  readonly port: number;
  /** listens on 127.0.0.1 besides the socket */
  readonly tcp: boolean;
  /** false: survives a kill but not a power failure, for tests */
  readonly durable: boolean;
  /** wins over everything here */
  readonly extra: Readonly<Record<string, string>>;
}

/** PostgreSQL's command line options for these settings. */
export function settingArguments({ socketDirectory, port, tcp, durable, extra }: ServerSettings): string[] {
  const settings: Record<string, string> = {
    listen_addresses: tcp ? '127.0.0.1' : '',
    port: String(port),
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: '200',
    shared_buffers: '128MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: '1GB',
    random_page_cost: '1.1',
    jit: 'off',
    // short queries beside an ingest: no query takes all cores (or a container's small /dev/shm)
    max_parallel_workers_per_gather: '0',
    synchronous_commit: 'on',
    // one call of the kernel a commit where the default takes two
    ...(process.platform === 'linux' && { wal_sync_method: 'open_datasync' }),
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    max_wal_size: '2GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // statements and details carry patients' data, which don't belong into a log file
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    logging_collector: 'off',
    ...extra,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

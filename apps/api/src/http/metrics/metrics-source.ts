/** The metrics of all processes of this server, gathered. */
export interface MetricsSource {
  /** In Prometheus' text format; of every worker process together. */
  text(): Promise<string>;
}

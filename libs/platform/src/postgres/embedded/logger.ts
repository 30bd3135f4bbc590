/** Where the supervision of PostgreSQL reports what it does. */
export interface SupervisionLogger {
  info(message: string): void;
  warn(message: string): void;
}

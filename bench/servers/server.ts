/** A server under load. */
export interface Server {
  readonly name: 'Annal' | 'Orthanc';
  readonly url: string;
  /** The first of its processes, where it is known. */
  readonly pid: number | undefined;
  /** Name and version as the server tells. */
  readonly version: string;
  close(): Promise<void>;
}

/** A GET whose answer is JSON. */
export async function getJson<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`${url}${path} answers ${response.status}`);
  return (await response.json()) as T;
}

/** The counts at /statistics. */
export interface Counts {
  readonly CountPatients: number;
  readonly CountStudies: number;
  readonly CountSeries: number;
  readonly CountInstances: number;
}

/** How much a server holds. */
export function countsOf(url: string): Promise<Counts> {
  return getJson<Counts>(url, '/statistics');
}

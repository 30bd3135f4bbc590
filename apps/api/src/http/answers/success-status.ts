/** The status of a success: Nest's default for POST is 201, which Orthanc never answers. */
export function successStatus(status: number): number {
  return status === 201 ? 200 : status;
}

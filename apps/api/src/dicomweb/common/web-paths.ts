import type { UidPath } from '@annal/projections';

/**
 * The path of a study, series or instance below the URL of the services, without slashes at its ends (PS3.18 section
 * 10.1.1). What stands for UIDs in files may be anything: it is percent-encoded.
 */
export function resourcePath({ study, series, instance }: UidPath): string {
  let path = `studies/${encodeURIComponent(study)}`;
  if (series !== undefined) path += `/series/${encodeURIComponent(series)}`;
  return instance === undefined ? path : `${path}/instances/${encodeURIComponent(instance)}`;
}

/**
 * The OHIF viewer as it is published. Its package cannot be a dependency: some of its own are not published. What it has
 * built needs none of them. A newer version: change both, run `npm run viewer`, and open a study.
 */
export const VIEWER = {
  name: '@ohif/app',
  version: '3.13.2',
  integrity: 'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
};

/** Raised when files are made from the package in another way. */
export const RECIPE = 1;

/** The architecture's rules (docs/architecture.md), checked by `npm run check:arch`. */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'libs/domain imports neither I/O nor NestJS (the decorators of @nestjs/cqrs excepted)',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(libs/(?!domain/)|apps/|node_modules/(?!uuid/)|fs$|net$|http$|https$|child_process$|worker_threads$|cluster$)',
        pathNot: '^node_modules/@nestjs/cqrs/',
      },
    },
    {
      name: 'dicom-stands-alone',
      comment: 'libs/dicom knows DICOM and nothing of Annal',
      severity: 'error',
      from: { path: '^libs/dicom/' },
      to: { path: '^(libs/(?!dicom/)|apps/)' },
    },
    {
      name: 'projections-know-no-adapters',
      severity: 'error',
      from: { path: '^libs/projections/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs/platform/|apps/)' },
    },
    {
      name: 'libs-do-not-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'kafkajs-in-one-folder',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(^libs/platform/src/kafka/|\\.spec\\.ts$)' },
      to: { path: '^node_modules/kafkajs/' },
    },
    {
      name: 'aws-sdk-in-one-folder',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/platform/src/blobs/s3/' },
      to: { path: '^node_modules/(@aws-sdk|@smithy)/' },
    },
    {
      name: 'google-auth-library-in-one-folder',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/platform/src/google/' },
      to: { path: '^node_modules/(google-auth-library|gaxios|gtoken)/' },
    },
    {
      name: 'pg-behind-the-platform',
      comment: 'only libs/platform, libs/projections and migrations talk to PostgreSQL',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(^libs/(platform|projections)/|\\.spec\\.ts$|/testing/)' },
      to: { path: '^node_modules/(pg|typeorm)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|^data/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

import { component, exactly, flag, listOf, type Schema, text } from '../../http/open-api/schema.js';

export const INFO: Schema = component(
  'DicomWebInfo',
  exactly({
    DicomWebRoot: text('The path of the DICOMweb services'),
    OrthancApiRoot: text('The way from there to the REST API'),
  }),
);

const REPRESENTATIONS = listOf(exactly({ mediaType: text('A media type') }));

const METHOD = exactly({
  name: text('The method of HTTP'),
  doc: exactly({ title: text('What it does') }),
  request: exactly({
    param: listOf(
      exactly({
        name: text('The name of the parameter'),
        style: text('Where it stands', ['template', 'query', 'header']),
        required: flag('Whether it must be there'),
      }),
    ),
    representation: REPRESENTATIONS,
  }),
  response: exactly({ representation: REPRESENTATIONS }),
});

const RESOURCE = exactly({ path: text('Its path below the base'), method: listOf(METHOD) });

/** What the services can do, as JSON (`wadl.ts`). */
export const CAPABILITIES: Schema = component(
  'DicomWebCapabilities',
  exactly({
    application: exactly({ resources: exactly({ base: text('The URL of the services'), resource: listOf(RESOURCE) }) }),
  }),
);

import { LEVELS } from '@annal/domain';
import { CHANGE_TYPES } from '@annal/projections';
import { component, exactly, type Schema, text, whole } from '../../http/open-api/schema.js';
import { IDENTIFIER, pageOf, TIME } from '../../http/open-api/shared-schemas.js';

const CHANGE: Schema = component(
  'Change',
  exactly({
    ChangeType: text('What happened', Object.keys(CHANGE_TYPES)),
    Date: TIME,
    ID: IDENTIFIER,
    Path: text('The path of the resource'),
    ResourceType: text('Its level', LEVELS),
    Seq: whole('The number of the change'),
  }),
);

/** Changes (`change-text.ts`). */
export const CHANGES: Schema = pageOf('Changes', CHANGE);

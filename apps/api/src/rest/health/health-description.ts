import { component, exactly, flag, type Schema, text, whole } from '../../http/open-api/schema.js';

export const LIVE: Schema = component('Live', exactly({ Status: text('That it answers', ['live']) }));

export const READINESS: Schema = component(
  'Readiness',
  exactly(
    {
      Changes: exactly({
        Lag: whole('Changes that are not published yet'),
        State: text('Whether changes are published'),
      }),
      Checks: exactly({
        Database: flag('Whether the database answers'),
        Fold: flag('Whether the fold goes on'),
        Log: flag('Whether the event log answers'),
        Schema: flag('Whether the tables are those of this version'),
      }),
      Lag: { ...whole('Events that are not folded yet; null: not known'), nullable: true },
      Status: text('Whether it can serve', ['ready', 'not ready']),
    },
    ['Changes'],
  ),
);

import { component, exactly, flag, type Schema, text } from '../../http/open-api/schema.js';

export const PLUGIN: Schema = component(
  'Plugin',
  exactly(
    {
      Description: text('What it does'),
      ExtendsOrthancExplorer: flag('Whether the Explorer has something of it'),
      ID: text('Its name'),
      RootUri: text('Its web interface, from the Explorer on'),
      Version: text('The version of the plugin that is stood in for'),
    },
    ['RootUri'],
  ),
);

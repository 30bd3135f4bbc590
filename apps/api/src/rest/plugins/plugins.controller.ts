import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersBytes, AnswersJson } from '../../http/open-api/answers.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import { ViewerFiles } from '../../ohif/viewer/viewer-files.js';
import { CONFIGURATION } from '../../tokens.js';
import { type BuiltInPlugin, builtInPlugins } from './built-in-plugins.js';
import { PLUGIN } from './plugin-description.js';

const EXTENSIONS = 'explorer.js';

@ApiTags('System')
@Controller('plugins')
export class PluginsController {
  private readonly plugins: readonly BuiltInPlugin[];

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(ViewerFiles) viewer: ViewerFiles,
  ) {
    this.plugins = builtInPlugins(configuration, viewer);
  }

  @Get()
  @ApiOperation({ summary: 'The plugins of Orthanc whose duties are built in' })
  @AnswersJson(NAMES)
  list(): string[] {
    return [EXTENSIONS, ...this.plugins.map(({ id }) => id)];
  }

  @Get(EXTENSIONS)
  @ApiOperation({ summary: "The plugins' extensions of the Explorer: none" })
  @Header('Content-Type', 'application/javascript')
  @AnswersBytes(['application/javascript'])
  extensions(): string {
    return '// What is built in needs no extension of the Explorer\n';
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them' })
  @AnswersJson(PLUGIN)
  read(@Param('id') id: string): object {
    const plugin = this.plugins.find((one) => one.id === id);
    if (!plugin) throw notFound();
    const rootUri = plugin.rootUri?.(this.configuration);
    return {
      Description: plugin.description,
      ExtendsOrthancExplorer: false,
      ID: plugin.id,
      ...(rootUri === undefined ? {} : { RootUri: rootUri }),
      Version: plugin.version,
    };
  }
}

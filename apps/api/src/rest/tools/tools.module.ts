import { Module } from '@nestjs/common';
import { AcceptedStorageController } from './accepted-storage.controller.js';
import { ClockController } from './clock.controller.js';
import { DefaultEncodingController } from './default-encoding.controller.js';
import { GenerateUidController } from './generate-uid.controller.js';
import { LogLevelController } from './log-level.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ScriptController } from './script.controller.js';
import { ServerControlController } from './server-control.controller.js';

/** What acts on the server as a whole. */
@Module({
  controllers: [
    AcceptedStorageController,
    ClockController,
    DefaultEncodingController,
    GenerateUidController,
    LogLevelController,
    MetricsController,
    ScriptController,
    ServerControlController,
  ],
})
export class ToolsModule {}

import { Module } from '@nestjs/common';
import { StartPageController } from './start-page.controller.js';
import { SystemController } from './system.controller.js';
import { SystemInformation } from './system-information.js';

@Module({ controllers: [SystemController, StartPageController], providers: [SystemInformation] })
export class SystemModule {}

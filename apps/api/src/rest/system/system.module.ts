import { Module } from '@nestjs/common';
import { SystemController } from './system.controller.js';
import { SystemInformation } from './system-information.js';

@Module({ controllers: [SystemController], providers: [SystemInformation], exports: [SystemInformation] })
export class SystemModule {}

import { Controller, Delete, Get, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ErrorSender } from './answers/send-error.js';
import type { AppContext } from './app-context.js';
import { OrthancAdapter } from './adapter.js';
import { LocalSettings, testConfiguration } from './testing/test-app.js';
import { runtimeDefaults } from '../server/runtime-defaults.js';
import { Writes } from './writes.js';

@Controller('things')
class ThingsController {
  @Get(':id')
  read(): string {
    return 'read';
  }

  @Delete(':id')
  @Writes()
  remove(): string {
    return 'removed';
  }
}

@Controller('only-writes')
@Writes()
class WritesController {
  @Post()
  write(): string {
    return 'written';
  }
}

class ThingsModule {}

async function start(options: object): Promise<NestFastifyApplication> {
  const configuration = testConfiguration(options);
  const context = { configuration, runtimeSettings: new LocalSettings(runtimeDefaults(configuration)) };
  const adapter = new OrthancAdapter(
    context as unknown as AppContext,
    new ErrorSender(true, pino({ level: 'silent' })),
  );
  const root = { module: ThingsModule, controllers: [ThingsController, WritesController] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('ReadOnly', () => {
  const ask = async (
    app: NestFastifyApplication,
    method: string,
    path: string,
  ): Promise<[number, string | null, string]> => {
    const answer = await fetch((await app.getUrl()) + path, { method });
    return [answer.status, answer.headers.get('allow'), (await answer.text()).slice(0, 7)];
  };

  it('takes the routes away that change something, and no others', async () => {
    const app = await start({ ReadOnly: true });
    try {
      expect(await ask(app, 'GET', '/things/1')).toEqual([200, null, 'read']);
      expect(await ask(app, 'DELETE', '/things/1')).toEqual([405, 'GET', '']);
      expect((await ask(app, 'POST', '/only-writes'))[0]).toBe(404);
    } finally {
      await app.close();
    }
  });

  it('leaves them where it is off', async () => {
    const app = await start({});
    try {
      expect(await ask(app, 'DELETE', '/things/1')).toEqual([200, null, 'removed']);
      expect(await ask(app, 'POST', '/only-writes')).toEqual([200, null, 'written']);
      expect(await ask(app, 'PUT', '/things/1')).toEqual([405, 'GET,DELETE', '']);
    } finally {
      await app.close();
    }
  });
});

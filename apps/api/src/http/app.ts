import { ANNAL_VERSION } from '@annal/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from '../app.module.js';
import { OrthancAdapter } from './adapter.js';
import { ErrorFilter } from './answers/error-filter.js';
import { ErrorSender } from './answers/send-error.js';
import type { AppContext } from './app-context.js';
import { completed } from './open-api/complete.js';
import { OpenApiSource } from './open-api/open-api-source.js';

export type { AppContext } from './app-context.js';

/** The HTTP application of one process, ready to listen. Closing it waits for the requests in flight. */
export async function createHttpApp(context: AppContext): Promise<NestFastifyApplication> {
  const errors = new ErrorSender(context.configuration.HttpDescribeErrors, context.logger);
  const adapter = new OrthancAdapter(context, errors);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(context), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(errors));
  app
    .get(OpenApiSource)
    .use(() => completed(SwaggerModule.createDocument(app, description(context)), (path) => adapter.leadsOn(path)));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

const DESCRIPTION =
  'The REST API of Orthanc, and what Annal adds to it. Most answers in JSON come as XML where Accept asks for application/xml.';

function description({ configuration }: AppContext): ReturnType<DocumentBuilder['build']> {
  const builder = new DocumentBuilder()
    .setTitle('Annal')
    .setDescription(DESCRIPTION)
    .setVersion(ANNAL_VERSION)
    .addServer('/');
  if (configuration.AuthenticationEnabled) builder.addBasicAuth().addSecurityRequirements('basic');
  return builder.build();
}

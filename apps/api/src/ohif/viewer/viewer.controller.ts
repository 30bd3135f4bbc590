import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiServiceUnavailableResponse, ApiTags, ApiTemporaryRedirectResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswersBytes, contentOf } from '../../http/open-api/answers.js';
import { AnswersOnlyNews } from '../../http/open-api/conditional.js';
import { endsWithSlash } from '../../http/trailing-slash.js';
import { ViewerService } from './viewer.service.js';

@ApiTags('OHIF')
@ApiServiceUnavailableResponse({ description: 'The viewer is not installed', content: contentOf(['text/html']) })
@Controller('ohif')
export class ViewerController {
  constructor(@Inject(ViewerService) private readonly viewer: ViewerService) {}

  @Get()
  @ApiOperation({ summary: 'The OHIF viewer: its list of studies' })
  @AnswersBytes(['text/html'])
  @ApiTemporaryRedirectResponse({ description: 'There, otherwise' })
  home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    // links of the page go from its folder
    if (endsWithSlash(request.raw)) this.viewer.answer('', request, reply);
    else
      reply
        .code(307)
        .header('Location', `ohif/${queryOf(request.url)}`)
        .send();
  }

  @Get('*')
  @ApiOperation({ summary: 'The pages and files of the OHIF viewer' })
  @AnswersBytes(['*/*'])
  @AnswersOnlyNews()
  file(@Param('*') path: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.viewer.answer(path, request, reply);
  }
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark);
}

import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorSender } from './send-error.js';

/** Whatever a controller throws is answered by the one mapping. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly sender: ErrorSender) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.sender.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

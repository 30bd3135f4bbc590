import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Writes } from '../../http/writes.js';
import { PeerStore } from './peer-store.service.js';

/** What is sent to peers. */
@ApiTags('Peers')
@Controller('peers/:id')
@Writes()
export class PeerStoreController {
  constructor(@Inject(PeerStore) private readonly peers: PeerStore) {}

  @Post('store')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send the DICOM files of resources to a peer' })
  store(@Param('id') name: string, @Req() request: FastifyRequest): Promise<object> {
    return this.peers.store(name, request);
  }

  @Post('store-straight')
  @HttpCode(200)
  @ApiConsumes('application/dicom')
  @ApiOperation({ summary: 'Hand a DICOM file on to a peer, without keeping it' })
  straight(@Param('id') name: string, @Req() request: FastifyRequest): Promise<object> {
    return this.peers.straight(name, request);
  }
}

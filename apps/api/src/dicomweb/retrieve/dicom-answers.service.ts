import { type DicomRepresentation, dicomRepresentations, MultipartRelated } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import type { UidPath, WebFile } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { begun } from '../../http/answers/begun.js';
import { clientGone } from '../../http/answers/client-gone.js';
import { ExportTrace } from '../../exports/export-trace.js';
import { isHead } from '../../http/head-requests.js';
import { isTransferSyntax, NotTranscodable } from '../../pixels/transcode.service.js';
import { ArchivesService } from '../../rest/archives/archives.service.js';
import { CONFIGURATION } from '../../tokens.js';
import { acceptIn } from '../common/accept.js';
import { LocateService } from '../common/locate.service.js';
import { unacceptable } from '../common/unacceptable.js';
import { FileParts, type FileTarget } from './file-parts.service.js';
import { multipartBytes, multipartSize } from '../common/part.js';
import type { Body } from '../../http/answers/send-body.js';
import { TranscodableFiles } from './transcodable-files.service.js';
import { WebInstances } from '../common/web-instances.service.js';

const DICOM = 'application/dicom';

/** Sends the DICOM files of studies, series and instances (PS3.18 section 10.4). */
@Injectable()
export class DicomAnswers {
  private readonly strict: boolean;
  private readonly utf8: boolean;

  constructor(
    @Inject(CONFIGURATION) { Annal, ZipUseUtf8 }: AnnalConfiguration,
    @Inject(LocateService) private readonly locate: LocateService,
    @Inject(WebInstances) private readonly instances: WebInstances,
    @Inject(FileParts) private readonly files: FileParts,
    @Inject(TranscodableFiles) private readonly transcodable: TranscodableFiles,
    @Inject(ArchivesService) private readonly archives: ArchivesService,
    @Inject(ExportTrace) private readonly trace: ExportTrace,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
    this.utf8 = ZipUseUtf8;
  }

  /** @throws OrthancError 400 or 406 where the client accepts nothing that can be had; 404, 413, 503 */
  async send(path: UidPath, request: FastifyRequest, reply: FastifyReply): Promise<Body> {
    const accept = acceptIn(request);
    const gone = clientGone(reply);
    for (const wanted of dicomRepresentations(accept, path.instance !== undefined, isTransferSyntax)) {
      try {
        return await this.answer(path, wanted, gone, request, reply);
      } catch (error) {
        // what cannot be had is passed over
        if (!(error instanceof NotTranscodable)) throw error;
      }
    }
    throw unacceptable(this.strict, accept);
  }

  private answer(
    path: UidPath,
    wanted: DicomRepresentation,
    gone: AbortSignal,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Body> {
    const head = isHead(request.raw);
    const { form, transferSyntax, named } = wanted;
    const target = { transferSyntax, orStored: !named, gone };
    if (form === 'zip') return this.archive(path, target, request, reply);
    return form === 'single' ? this.single(path, target, reply, head) : this.multipart(path, target, reply, head);
  }

  private async multipart(path: UidPath, target: FileTarget, reply: FastifyReply, head: boolean): Promise<Body> {
    const { known, all } = await this.instances.files(path);
    // a single file is made before anything is sent of it
    if (head || known?.length !== 1) await this.transcodable.check(all(), target);
    const frame = new MultipartRelated(DICOM);
    reply.type(frame.contentType);
    const size = known && sizeOf(known, target);
    if (size !== undefined) reply.header('Content-Length', size);
    if (head) return Readable.from([]);
    const parts = known?.length === 1 ? this.files.part(known[0]!, target) : this.files.parts(all(), target);
    return begun(multipartBytes(frame, parts));
  }

  private async single(path: UidPath, target: FileTarget, reply: FastifyReply, head: boolean): Promise<Body> {
    const { known, all } = await this.instances.files(path);
    const [file] = known!;
    reply.type(DICOM);
    if (head) {
      await this.transcodable.check(all(), target);
      if (FileParts.asStored(file!, target)) reply.header('Content-Length', file!.size);
      return Readable.from([]);
    }
    const { size, bytes } = await this.files.body(file!, target);
    reply.header('Content-Length', size);
    return bytes;
  }

  /** An archive: what cannot be put into the transfer syntax is in it as it is stored, as in Orthanc's archives. */
  private async archive(
    path: UidPath,
    target: FileTarget,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Body> {
    const { study, series, instance } = await this.locate.find(path);
    const { id } = instance ?? series ?? study;
    reply.type('application/zip');
    if (isHead(request.raw)) return Readable.from([]);
    const { transferSyntax } = target;
    const { stream, size, instances } = await this.archives.ofResources(
      [id],
      'archive',
      {
        filename: `${id}.zip`,
        extended: false,
        utf8: this.utf8,
        ...(transferSyntax !== '*' && { transcoding: { transferSyntax } }),
      },
      target.gone,
    );
    await this.trace.downloading(stream, { protocol: 'archive', resources: [id], instances }, request, reply);
    reply.header('Content-Disposition', `attachment; filename="${id}.zip"`);
    if (size !== undefined) reply.header('Content-Length', size);
    return stream;
  }
}

/** Bytes of a multipart answer; undefined where a file is made anew, so that nobody knows. */
function sizeOf(files: readonly WebFile[], target: FileTarget): number | undefined {
  if (!files.every((file) => FileParts.asStored(file, target))) return undefined;
  const headers = { 'Content-Type': DICOM };
  return multipartSize(
    DICOM,
    files.map(({ size }) => ({ headers, size })),
  );
}

import type { DicomDictionary } from '@annal/dicom';
import { type DicomJsonDataSet, MultipartRelated, nativeDicomXml } from '@annal/dicomweb';
import type { FastifyReply } from 'fastify';
import { sendBody } from '../../http/answers/send-body.js';
import type { MetadataBlock } from './metadata-block.js';

const TYPE = 'application/dicom+xml';

/** Answers with a part of XML (PS3.19 section A.1) an instance, made while it is sent. */
export async function sendXml(
  reply: FastifyReply,
  blocks: AsyncIterable<MetadataBlock>,
  base: string,
  dictionary: DicomDictionary,
): Promise<void> {
  const multipart = new MultipartRelated(TYPE);
  reply.header('Content-Type', multipart.contentType).header('Vary', 'Accept, Accept-Encoding');
  await sendBody(reply, parts(multipart, blocks, base, dictionary));
}

async function* parts(
  multipart: MultipartRelated,
  blocks: AsyncIterable<MetadataBlock>,
  base: string,
  dictionary: DicomDictionary,
): AsyncGenerator<Buffer, void> {
  const escaped = JSON.stringify(base).slice(1, -1);
  for await (const block of blocks) {
    const dataSets = JSON.parse(`[${Buffer.concat([...block.at(escaped)]).toString()}]`) as DicomJsonDataSet[];
    for (const dataSet of dataSets) {
      const xml = Buffer.from(nativeDicomXml(dataSet, dictionary));
      yield multipart.head({ 'Content-Type': TYPE, 'Content-Length': xml.length, 'MIME-Version': '1.0' });
      yield xml;
    }
  }
  yield multipart.end();
}

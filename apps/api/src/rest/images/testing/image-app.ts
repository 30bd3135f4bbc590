import { DicomDictionary, encodeHeader, headerModel, type HeaderModel, tokenize } from '@annal/dicom';
import { buildImage, type TestImage } from '../../../../../../libs/dicom/src/testing/index.js';
import { storedEvent } from '../../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../../testing/reading-app.js';

/** An image, and which instance it is: those with the same `series` are in one. */
export interface SampleImage {
  readonly name: string;
  readonly image: TestImage | Buffer;
  readonly series?: string;
  /** Main tags of the instance. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly seriesTags?: Readonly<Record<string, string>>;
}

/** An answer, as far as tests of images look at it. */
export interface ImageAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly location: string | null;
  readonly body: Buffer;
}

const dictionary = new DicomDictionary();

function headerOf(file: Buffer): HeaderModel {
  return headerModel(tokenize(file, { lookup: dictionary }), { dictionary, defaultEncoding: 'Latin1' });
}

/** The application with images in it. */
export class ImageApp {
  private constructor(
    private readonly reading: ReadingApp,
    private readonly ids: ReadonlyMap<string, string>,
  ) {}

  static async start(
    images: readonly SampleImage[],
    limits: object = {},
    annal: object = {},
    options: object = {},
  ): Promise<ImageApp> {
    const files = new Map<string, Buffer>();
    const ids = new Map<string, string>();
    const events = images.map(({ name, image, series = name, tags, seriesTags }) => {
      const file = Buffer.isBuffer(image) ? image : buildImage(image);
      const header = headerOf(file);
      const sample = {
        patient: 'P',
        study: '1.1',
        series: `1.2.${series}`,
        instance: `1.3.${name}`,
        size: file.length,
        transferSyntax: header.syntax,
      };
      const event = storedEvent({ ...sample, tags: { Instance: tags, Series: seriesTags } });
      files.set(event.data.blob.key, file);
      ids.set(name, event.data.ids.instance).set(`series ${series}`, event.data.ids.series);
      return { ...event, sealed: { ...event.sealed!, header: encodeHeader(header).toString('base64') } };
    });
    const reading = await startReadingApp({ ...options, Annal: { Limits: limits, ...annal } }, files);
    for (const event of events) await reading.log.submit([event]);
    return new ImageApp(reading, ids);
  }

  /** The identifier of an image's instance, or with `series ` in front of a series. */
  id(name: string): string {
    return this.ids.get(name) ?? name;
  }

  /** Where the server is. */
  get url(): string {
    return this.reading.app.url;
  }

  /** GET of a path below an instance. */
  instance(name: string, path: string, headers: Record<string, string> = {}): Promise<ImageAnswer> {
    return this.get(`/instances/${this.id(name)}/${path}`, headers);
  }

  /** GET of a path below a series. */
  series(name: string, path: string): Promise<ImageAnswer> {
    const id = this.id(`series ${name}`);
    return this.get(`/series/${id}/${path}`);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<ImageAnswer> {
    const answer = await fetch(this.reading.app.url + path, { headers, redirect: 'manual' });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      location: answer.headers.get('location'),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }

  close(): Promise<void> {
    return this.reading.close();
  }
}

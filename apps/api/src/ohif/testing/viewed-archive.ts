import { setDefaultCACertificates } from 'node:tls';
import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { makeCertificate, type TestCertificate } from '../../../../../test/support/certificate.js';
import { type PathProxy, startPathProxy } from './path-proxy.js';
import { type Thumbnail, thumbnail } from './likeness.js';

/** How the viewer gets its images, and whether a reverse proxy stands in front. */
export interface Setting {
  readonly source: 'dicom-json' | 'dicom-web';
  /** The path that the proxy has the server at. */
  readonly path?: string;
  /** Whether the server itself speaks HTTPS. */
  readonly secure?: boolean;
}

/** A study that was sent, and what of it is to be seen. */
export interface ViewedStudy {
  /** Where the viewer shows it. */
  readonly url: string;
  /** The pictures of all frames of all instances, in the order in which they were sent. */
  readonly pictures: readonly Thumbnail[];
  /** Columns to rows. */
  readonly aspect: number;
}

/** A server with the viewer, as users reach it. */
export class ViewedArchive {
  private constructor(
    private readonly setting: Setting,
    private readonly server: ArchiveServer,
    private readonly proxy: PathProxy | undefined,
    private readonly certificate: TestCertificate | undefined,
  ) {}

  static async start(setting: Setting): Promise<ViewedArchive> {
    const { source, path, secure } = setting;
    const certificate = secure ? makeCertificate() : undefined;
    // uploads of this process are to trust it
    if (certificate) setDefaultCACertificates([certificate.cert]);
    const OHIF = { DataSource: source, ...(path !== undefined && { RouterBasename: `${path}/ohif/` }) };
    const DicomWeb = path === undefined ? {} : { PublicRoot: `${path}/dicom-web/` };
    const Ssl = certificate ? { SslEnabled: true, SslCertificate: certificate.withKey } : {};
    const server = await ArchiveServer.start({ configuration: { OHIF, DicomWeb, ...Ssl } });
    const proxy = path === undefined ? undefined : await startPathProxy(path, server.port);
    return new ViewedArchive(setting, server, proxy, certificate);
  }

  /** The address of the server for a browser, without a slash at the end. */
  get url(): string {
    return this.proxy?.url ?? this.server.url;
  }

  /** Sends the files of one study. */
  async add(files: readonly Buffer[]): Promise<ViewedStudy> {
    const pictures: Thumbnail[] = [];
    let [study, aspect] = ['', 1];
    for (const file of files) {
      const { body } = await this.server.upload(file);
      study = body.ParentStudy;
      const tags = await this.server.json<Record<string, string>>(`/instances/${body.ID}/simplified-tags`);
      aspect = Number(tags.Columns) / Number(tags.Rows);
      for (let frame = 0; frame < Number(tags.NumberOfFrames ?? 1); frame++) {
        const rendered = await this.server.fetch(`/instances/${body.ID}/frames/${frame}/rendered`, {
          headers: { Accept: 'image/png' },
        });
        pictures.push(await thumbnail(Buffer.from(await rendered.arrayBuffer())));
      }
    }
    return { url: await this.viewerUrl(study), pictures, aspect };
  }

  async close(): Promise<void> {
    await this.proxy?.close();
    await this.server.close();
    this.certificate?.remove();
  }

  private async viewerUrl(study: string): Promise<string> {
    if (this.setting.source === 'dicom-json') return `${this.url}/ohif/viewer?url=../studies/${study}/ohif-dicom-json`;
    const { MainDicomTags } = await this.server.json<{ MainDicomTags: Record<string, string> }>(`/studies/${study}`);
    return `${this.url}/ohif/viewer?StudyInstanceUIDs=${MainDicomTags.StudyInstanceUID}`;
  }
}

import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { type PathProxy, startPathProxy } from './path-proxy.js';
import { type Thumbnail, thumbnail } from './likeness.js';

/** How the viewer gets its images, and whether a reverse proxy stands in front. */
export interface Setting {
  readonly source: 'dicom-json' | 'dicom-web';
  /** The path that the proxy has the server at. */
  readonly path?: string;
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
  ) {}

  static async start(setting: Setting): Promise<ViewedArchive> {
    const { source, path } = setting;
    const OHIF = { DataSource: source, ...(path !== undefined && { RouterBasename: `${path}/ohif/` }) };
    const DicomWeb = path === undefined ? {} : { PublicRoot: `${path}/dicom-web/` };
    const server = await ArchiveServer.start({ configuration: { OHIF, DicomWeb } });
    const proxy = path === undefined ? undefined : await startPathProxy(path, server.port);
    return new ViewedArchive(setting, server, proxy);
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
  }

  private async viewerUrl(study: string): Promise<string> {
    if (this.setting.source === 'dicom-json') return `${this.url}/ohif/viewer?url=../studies/${study}/ohif-dicom-json`;
    const { MainDicomTags } = await this.server.json<{ MainDicomTags: Record<string, string> }>(`/studies/${study}`);
    return `${this.url}/ohif/viewer?StudyInstanceUIDs=${MainDicomTags.StudyInstanceUID}`;
  }
}

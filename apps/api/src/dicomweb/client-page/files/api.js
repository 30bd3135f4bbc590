/** What is asked of this server; it asks the others. */

const DICOM_WEB = new URL('../../', location.href);
/** Of a picture, bytes. */
const MAX_PICTURE = 64 * 1024 * 1024;
const PICTURES = ['image/jpeg', 'image/png', 'image/gif'];

let orthanc = new URL('../', DICOM_WEB);

/** Finds out where the REST API is; resolves with its address. */
export async function findApi() {
  const info = await json(new URL('info', DICOM_WEB));
  orthanc = new URL(`${info.OrthancApiRoot.replace(/\/*$/, '/')}`, DICOM_WEB);
  return orthanc;
}

/** The servers that are configured: names to their settings. */
export const servers = () => json(new URL('servers?expand', DICOM_WEB));

/** What a server has: a list of objects of tags, each with Name and Value. */
export const qido = (server, path, args = {}) => json(operation(server, 'qido'), { Uri: path, Arguments: args });

/** A picture that a server makes of an instance, as a Blob. */
export async function picture(server, path) {
  const body = { Uri: path, HttpHeaders: { Accept: 'image/jpeg' } };
  const answer = await send(operation(server, 'get'), body);
  const type = (answer.headers.get('Content-Type') ?? '').split(';')[0].trim().toLowerCase();
  if (!PICTURES.includes(type)) {
    await answer.body?.cancel();
    throw new Error('The other server makes no picture of it.');
  }
  const pieces = [];
  let size = 0;
  // not every browser has streams that can be iterated
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MAX_PICTURE) {
      await reader.cancel();
      throw new Error('The picture is too large.');
    }
    pieces.push(next.value);
  }
  return new Blob(pieces, { type });
}

/** Has a job fetch something. @param resource Study, and perhaps Series and Instance: UIDs */
export const retrieve = (server, resource) =>
  json(operation(server, 'retrieve'), { Resources: [resource], Synchronous: false });

/** Has a job send resources of this server, by their identifiers. */
export const stow = (server, ids) => json(operation(server, 'stow'), { Resources: ids, Synchronous: false });

/** Deletes something of another server. */
export const remove = (server, level, uids) => send(operation(server, 'delete'), { Level: level, ...uids });

/** Studies of this server. */
export const localStudies = (query, limit) =>
  json(new URL('tools/find', orthanc), {
    Level: 'Study',
    Expand: true,
    CaseSensitive: false,
    Limit: limit,
    Query: query,
  });

/** Jobs of some types. */
export const jobs = (types) => json(new URL(`jobs?expand&type=${types.join(',')}`, orthanc));

/** @param verb pause, resume, cancel or resubmit */
export const controlJob = (id, verb) => send(new URL(`jobs/${encodeURIComponent(id)}/${verb}`, orthanc), {});

const operation = (server, name) => new URL(`servers/${encodeURIComponent(server)}/${name}`, DICOM_WEB);

async function json(url, body) {
  return (await send(url, body)).json();
}

/** A GET, or a POST of a body. Throws what the server says is wrong. */
async function send(url, body) {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, body === undefined ? {} : post).catch(() => {
    throw new Error('This server cannot be reached.');
  });
  if (!answer.ok) throw new Error(await reason(answer));
  return answer;
}

async function reason(answer) {
  const said = await answer.json().catch(() => ({}));
  return [said.Message ?? `This server answers with status ${answer.status}`, said.Details].filter(Boolean).join(': ');
}

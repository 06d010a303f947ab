import { SaxesParser } from 'saxes';
import { CoreError } from '../../../protocol/errors.ts';
import { objectPattern } from '../object-pattern.ts';
import type { RemoteAddress } from '../remote-address.ts';
import { bodyOf } from './http-request.ts';
import type { RemoteRequests } from './remote-requests.ts';
import { Attempts } from './retry.ts';
import { encodingOf } from './whole-download.ts';

/** More keys than this are not looked through for one pattern. */
const MAX_KEYS = 100_000;
/** A page has at most 1,000 keys of 1,024 bytes, and what stands around them. */
const MAX_PAGE_BYTES = 2 ** 24;

/** One answer of a bucket. */
interface ListPage {
  readonly keys: readonly string[];
  /** Asks for the next page; absent at the end. */
  readonly next?: string;
}

/**
 * The addresses of a bucket's objects that a pattern means, by code unit of their keys. Asks page by page, as
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html has it.
 *
 * @throws CoreError REMOTE_DENIED, REMOTE_STATUS, REMOTE_RESPONSE where the server gives no list, REMOTE_LIMIT,
 *   REMOTE_UNREACHABLE; the signal's reason
 */
export async function listObjects(requests: RemoteRequests, signal: AbortSignal): Promise<string[]> {
  const { address } = requests;
  const { bucket = '', key = '' } = address.object ?? {};
  const pattern = objectPattern(key);
  const found: string[] = [];
  const asked = new Set<string>();
  let keyCount = 0;
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: ListPage = await readPage(requests, {
      query: {
        'list-type': '2',
        prefix: pattern.prefix,
        ...(pattern.isFlat && { delimiter: '/' }),
        ...(next !== '' && { 'continuation-token': next }),
      },
      signal,
    });
    keyCount += page.keys.length;
    if (keyCount > MAX_KEYS) throw tooMany(address);
    found.push(...page.keys.filter((name) => pattern.matches(name)));
    next = page.next;
    if (next !== undefined && asked.has(next)) throw noList(address, 'it gave the same page twice');
    if (next !== undefined) asked.add(next);
  }
  return [...new Set(found)].sort().map((name) => `s3://${bucket}/${name}`);
}

async function readPage(
  requests: RemoteRequests,
  { query, signal }: { readonly query: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<ListPage> {
  const attempts = new Attempts(requests.address);
  for (;;) {
    try {
      const answer = await requests.list(query, signal);
      if (answer.status !== 200 || encodingOf(answer) !== 'identity') {
        answer.body.destroy();
        throw noList(requests.address, `it answered with status ${answer.status}`);
      }
      const pieces: Buffer[] = [];
      let byteLength = 0;
      for await (const piece of bodyOf(answer, signal)) {
        byteLength += piece.length;
        if (byteLength > MAX_PAGE_BYTES) throw noList(requests.address, 'its answer is too long for one');
        pieces.push(piece);
      }
      return parsePage(requests.address, Buffer.concat(pieces).toString('utf8'));
    } catch (error) {
      await attempts.again(error, signal);
    }
  }
}

/** @throws CoreError REMOTE_RESPONSE for what is no list */
function parsePage(address: RemoteAddress, xml: string): ListPage {
  const parser = new SaxesParser({ position: false });
  const path: string[] = [];
  const texts = new Map<string, string[]>();
  let text = '';
  parser.on('opentag', ({ name }) => {
    path.push(name.replace(/^.*:/s, ''));
    text = '';
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('cdata', (piece) => {
    text += piece;
  });
  parser.on('closetag', () => {
    const place = path.join('/');
    const known = texts.get(place);
    if (known === undefined) texts.set(place, [text]);
    else known.push(text);
    path.pop();
    text = '';
  });
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(xml).close();
  } catch {
    throw noList(address, 'its answer is no XML');
  }
  if (!texts.has('ListBucketResult')) throw noList(address, 'its answer is something else');
  const only = (name: string) => texts.get(`ListBucketResult/${name}`)?.[0];
  const next = only('NextContinuationToken');
  const isMore = only('IsTruncated') === 'true';
  if (isMore && !next) throw noList(address, 'it says that there is more, and not how to ask for it');
  return {
    keys: texts.get('ListBucketResult/Contents/Key') ?? [],
    ...(isMore && next !== undefined && { next }),
  };
}

function noList({ shown, origin, written }: RemoteAddress, why: string): CoreError {
  const message = `'${shown}' is a pattern, and the server of ${origin} gave no list of its objects: ${why}. Name the files: read_parquet(['${origin}/1.parquet', '${origin}/2.parquet']).`;
  return new CoreError('REMOTE_RESPONSE', message, { origin, written });
}

function tooMany({ shown, origin, written }: RemoteAddress): CoreError {
  const message = `'${shown}' is a pattern for which more than ${MAX_KEYS} objects would have to be looked through; write more of their keys in front of the first *.`;
  return new CoreError('REMOTE_LIMIT', message, { origin, written });
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { CacheStore } from '../../../wasm-core/sql/remote/node/cache-store.ts';
import { HttpAgents } from '../../../wasm-core/sql/remote/node/http-request.ts';
import { openRemote } from '../../../wasm-core/sql/remote/node/open-remote.ts';
import { OpenedFile } from '../../../wasm-core/sql/remote/node/opened-file.ts';
import {
  PARQUET_TAIL_BYTES,
  parquetChunks,
  parquetFooterLength,
} from '../../../wasm-core/sql/remote/node/parquet-chunks.ts';
import { RemoteRequests } from '../../../wasm-core/sql/remote/node/remote-requests.ts';
import { readRemoteAddress } from '../../../wasm-core/sql/remote/remote-address.ts';
import { type NativeDuckDb, openNativeDuckDb } from '../../support/native-duckdb.ts';
import { RemoteServer } from '../../support/remote-server.ts';
import { dataFile, dataFolder } from '../../support/remote-session.ts';

describe('a file on a network, read in any order', function () {
  this.timeout(120_000);
  const server = new RemoteServer();
  const agents = new HttpAgents();
  const signal = new AbortController().signal;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qr-'));
    await server.start();
  });
  after(async () => {
    agents.dispose();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const storeOf = (capBytes: number) => {
    const warnings: string[] = [];
    const store = new CacheStore({ folder, capBytes, warn: (message) => warnings.push(message) });
    return { store, warnings };
  };
  const open = async (store: CacheStore, name: string): Promise<OpenedFile> => {
    const requests = new RemoteRequests(readRemoteAddress(`${server.origin}${name}`), {
      agents,
      rights: () => ({ allow: [server.origin], credentials: [], timeoutMs: 10_000 }),
    });
    const onBytes = (): void => {};
    const options = { requests, store, keptOnly: false, signal, onBytes, onWarning: assert.fail };
    const { file, server: state } = await openRemote(options);
    return new OpenedFile({ file, requests, server: state, onBytes });
  };

  it('has its bytes, whatever is read, kept, cut, or has no room', async () => {
    const reads = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 100_000 })), {
      minLength: 1,
      maxLength: 12,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          size: fc.oneof(fc.constantFrom(0, 1, 16_383, 16_384, 16_385, 32_768), fc.nat(400_000)),
          ranges: fc.boolean(),
          cuts: fc.record({ behind: fc.integer({ min: 1, max: 50_000 }), times: fc.nat(3) }),
          capBytes: fc.constantFrom(2 ** 30, 100_000),
          reads,
        }),
        async ({ size, ranges, cuts, capBytes, reads: wanted }) => {
          const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255));
          const name = `/${++run}.bin`;
          server.files.set(name, { bytes, ranges, cuts: { ...cuts } });
          if (!ranges && size > capBytes) return;
          const { store, warnings } = storeOf(capBytes);
          // The second time some of it is kept.
          for (let time = 0; time < 2; time++) {
            const file = await open(store, name);
            assert.equal(file.file.size, size);
            for (const [at, byteLength] of wanted) {
              const position = at % (size + 1);
              const found = await file.read(position, byteLength, { keptOnly: false, signal });
              assert.ok(found.length > 0 || position === size);
              assert.deepEqual(Buffer.from(found), bytes.subarray(position, position + found.length));
            }
            file.dispose();
            store.release(file.file);
          }
          assert.deepEqual(warnings, []);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the footer of a Parquet file', () => {
  const file = dataFile('flights-3m.parquet');
  const length = parquetFooterLength(file.subarray(-PARQUET_TAIL_BYTES)) ?? 0;
  const footer = file.subarray(-PARQUET_TAIL_BYTES - length, -PARQUET_TAIL_BYTES);
  let native: NativeDuckDb;
  before(async () => {
    native = await openNativeDuckDb(dataFolder());
  });
  after(() => native.close());

  it('tells where column chunks lie, as DuckDB does', async () => {
    const rows = await native.rows(
      `select least(coalesce(dictionary_page_offset, data_page_offset), data_page_offset) as start, total_compressed_size
       from parquet_metadata('flights-3m.parquet') order by start`,
    );
    assert.ok(rows.length > 10);
    assert.deepEqual(
      parquetChunks(footer).map(({ start, end }) => [String(start), String(end - start)]),
      rows,
    );
  });

  it('may be anything: then nothing is known, and nothing hangs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const { start, end } of parquetChunks(bytes)) assert.ok(start >= 0 && end > start);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.nat(footer.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(footer);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        for (const { start, end } of parquetChunks(damaged)) assert.ok(start >= 0 && end > start);
      }),
      { numRuns: 500 },
    );
  });
});

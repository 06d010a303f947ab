import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RegistryStore, StoredLabel, StoredModule } from '../store.ts';
import {
  deleteDurably,
  moveAside,
  orFileError,
  removeStaleTemporaries,
  TEMPORARY_PREFIX,
  writeDurably,
} from './durable-files.ts';
import { formatStored, parseStoredLabel, parseStoredModule } from './stored-json.ts';

/**
 * A registry's files:
 *
 * - `modules/<digest>.wasm`, the original bytes, and `modules/<digest>.json`, what is kept of them; the second is
 *   written last and makes the module count;
 * - `labels/<hash of namespace and name>.json`, one for each label;
 * - `quarantine/`, where what is torn or foreign is set aside.
 *
 * @param options.home an absolute folder, made when it is not there
 * @param options.warn told of each file that was set aside
 */
export function createRegistryStore(options: {
  readonly home: string;
  readonly warn: (message: string) => void;
}): RegistryStore {
  return new FileStore(options.home, options.warn);
}

class FileStore implements RegistryStore {
  private readonly modules: string;
  private readonly labels: string;
  private readonly quarantine: string;
  private readonly warn: (message: string) => void;

  constructor(home: string, warn: (message: string) => void) {
    this.modules = path.join(home, 'modules');
    this.labels = path.join(home, 'labels');
    this.quarantine = path.join(home, 'quarantine');
    this.warn = warn;
  }

  digestOf(bytes: Uint8Array): string {
    return sha256(bytes);
  }

  async open(): Promise<{ modules: StoredModule[]; labels: StoredLabel[] }> {
    for (const folder of [this.modules, this.labels]) {
      await orFileError(folder, 'use', async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeStaleTemporaries(folder);
      });
    }
    // Labels first: another host may be loading, and it writes the module before its label.
    const labels = await this.readLabels();
    return { labels, modules: await this.readModules() };
  }

  async readBytes(digest: string): Promise<Uint8Array | undefined> {
    const file = path.join(this.modules, `${digest}.wasm`);
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes !== undefined && sha256(bytes) === digest) return bytes;
    const what = bytes === undefined ? 'cannot be read' : 'does not have the checksum of its name';
    await this.setAside(file, what);
    await this.setAside(path.join(this.modules, `${digest}.json`), 'has lost its module');
    return undefined;
  }

  async putModule(module: StoredModule, bytes: Uint8Array): Promise<void> {
    await writeDurably(path.join(this.modules, `${module.digest}.wasm`), bytes);
    await writeDurably(path.join(this.modules, `${module.digest}.json`), formatStored(module));
  }

  async dropModule(digest: string): Promise<void> {
    await deleteDurably(this.modules, [`${digest}.json`, `${digest}.wasm`]);
  }

  async putLabel(label: StoredLabel): Promise<void> {
    await writeDurably(path.join(this.labels, labelFile(label)), formatStored(label));
  }

  async dropLabel(label: Pick<StoredLabel, 'namespace' | 'name'>): Promise<void> {
    await deleteDurably(this.labels, [labelFile(label)]);
  }

  private async readLabels(): Promise<StoredLabel[]> {
    const labels: StoredLabel[] = [];
    for (const name of await this.list(this.labels)) {
      const file = path.join(this.labels, name);
      const label = LABEL_FILE.test(name) ? parseStoredLabel(await readOrEmpty(file)) : undefined;
      if (label !== undefined && labelFile(label) === name) labels.push(label);
      else await this.setAside(file, 'is not a whole label');
    }
    return labels;
  }

  private async readModules(): Promise<StoredModule[]> {
    const names = await this.list(this.modules);
    const present = new Set(names);
    const modules: StoredModule[] = [];
    for (const name of names) {
      const file = path.join(this.modules, name);
      const [, digest, ending] = MODULE_FILE.exec(name) ?? [];
      if (digest === undefined) await this.setAside(file, 'is not a module of the registry');
      else if (ending === 'json') {
        const module = parseStoredModule(await readOrEmpty(file));
        if (module?.digest === digest && (await sizeOf(this.modules, digest)) === module.byteLength) {
          modules.push(module);
        } else await this.setAsideModule(digest, present);
      } else if (!present.has(`${digest}.json`)) await this.checkUncommitted(file, digest);
    }
    return modules;
  }

  /** A load that did not come to its end left bytes without a record: whole ones may still get it. */
  private async checkUncommitted(file: string, digest: string): Promise<void> {
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined || sha256(bytes) === digest) return;
    await this.setAside(file, 'does not have the checksum of its name');
  }

  private async setAsideModule(digest: string, present: ReadonlySet<string>): Promise<void> {
    for (const name of [`${digest}.json`, `${digest}.wasm`]) {
      if (present.has(name)) await this.setAside(path.join(this.modules, name), 'is not a whole module');
    }
  }

  private async setAside(file: string, what: string): Promise<void> {
    const target = await moveAside(file, this.quarantine);
    if (target !== undefined) this.warn(`${file} ${what}; it was moved to ${target}.`);
  }

  private async list(folder: string): Promise<string[]> {
    const names = await orFileError(folder, 'read', () => readdir(folder));
    return names.filter((name) => !name.startsWith(TEMPORARY_PREFIX)).sort();
  }
}

const MODULE_FILE = /^([0-9a-f]{64})\.(wasm|json)$/;
const LABEL_FILE = /^[0-9a-f]{40}\.json$/;

function labelFile({ namespace, name }: Pick<StoredLabel, 'namespace' | 'name'>): string {
  return `${sha256(`${namespace}\0${name}`).slice(0, 40)}.json`;
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function sizeOf(folder: string, digest: string): Promise<number | undefined> {
  const found = await stat(path.join(folder, `${digest}.wasm`)).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

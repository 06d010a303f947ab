import { CoreError } from '../protocol/errors.ts';
import type { ModuleRef } from '../protocol/methods.ts';
import { nearNames } from '../protocol/near-names.ts';
import { type ModuleRecord, uuidOf } from './module-record.ts';

/** The namespace of requests that name none. */
export const DEFAULT_NAMESPACE = 'default';

/** Records by label, digest and UUID, in memory. */
export class ModuleIndex {
  private readonly byLabel = new Map<string, ModuleRecord>();
  /** For each module the record that was set last; it stays when the label moves on to other bytes. */
  private readonly byDigest = new Map<string, ModuleRecord>();
  private readonly digests = new Map<string, string>();

  /** Puts a record under its label. @returns the record that had the label before */
  set(record: ModuleRecord): ModuleRecord | undefined {
    const key = keyOf(record.info.namespace, record.info.name);
    const before = this.byLabel.get(key);
    this.byLabel.set(key, record);
    this.keep(record);
    return before;
  }

  /** Keeps a record that has no label: its UUID and its digest find it. */
  keep(record: ModuleRecord): void {
    const { digest } = record.info;
    this.byDigest.set(digest, record);
    this.digests.set(digest, digest);
    this.digests.set(uuidOf(digest), digest);
  }

  /** Takes a label away; the module stays until it is dropped. */
  removeLabel(record: ModuleRecord): void {
    this.byLabel.delete(keyOf(record.info.namespace, record.info.name));
    const other = this.labelsOf(record.info.digest)[0];
    if (other !== undefined) this.byDigest.set(record.info.digest, other);
  }

  /** Forgets a module and its labels. */
  drop(digest: string): void {
    for (const record of this.labelsOf(digest)) {
      this.byLabel.delete(keyOf(record.info.namespace, record.info.name));
    }
    this.byDigest.delete(digest);
    this.digests.delete(digest);
    this.digests.delete(uuidOf(digest));
  }

  /** Whether a module is known, under whatever label. */
  has(digest: string): boolean {
    return this.byDigest.has(digest);
  }

  /** The record of a label. */
  label(namespace: string, name: string): ModuleRecord | undefined {
    return this.byLabel.get(keyOf(namespace, name));
  }

  /** Labelled records, of one namespace or of all, by name. */
  list(namespace?: string): ModuleRecord[] {
    const records = [...this.byLabel.values()].filter(
      ({ info }) => namespace === undefined || info.namespace === namespace,
    );
    return records.sort(
      (a, b) => compare(a.info.name, b.info.name) || compare(a.info.namespace, b.info.namespace),
    );
  }

  /** Every label of a module. */
  labelsOf(digest: string): ModuleRecord[] {
    return [...this.byLabel.values()].filter(({ info }) => info.digest === digest);
  }

  /** The labels that a reference means, given the record that it finds: one for a name, several for a UUID. */
  labelsMeant(ref: ModuleRef, found: ModuleRecord): ModuleRecord[] {
    const { name, digest } = found.info;
    const all = this.labelsOf(digest);
    const isName = ref.module === name && this.digests.get(ref.module.toLowerCase()) === undefined;
    if (isName) return all.filter((record) => record === found);
    const here = all.filter(({ info }) => info.namespace === (ref.namespace ?? DEFAULT_NAMESPACE));
    return here.length > 0 ? here : all;
  }

  /** Records whose module has lost its last label, the oldest first. */
  unlabelled(): ModuleRecord[] {
    const labelled = new Set([...this.byLabel.values()].map(({ info }) => info.digest));
    return [...this.byDigest.values()]
      .filter(({ info }) => !labelled.has(info.digest))
      .sort((a, b) => compare(a.info.loadedAt, b.info.loadedAt));
  }

  /** @throws CoreError MODULE_UNKNOWN that lists near names and says what to do */
  get(ref: ModuleRef): ModuleRecord {
    const record = this.find(ref);
    if (record !== undefined) return record;
    throw this.unknown({ module: ref.module, namespace: ref.namespace ?? DEFAULT_NAMESPACE });
  }

  /** The record that a reference means, if there is one. */
  find({ module, namespace }: ModuleRef): ModuleRecord | undefined {
    const digest = this.digests.get(module.toLowerCase());
    if (digest !== undefined) {
      const latest = this.byDigest.get(digest);
      const wanted = namespace ?? DEFAULT_NAMESPACE;
      if (latest?.info.namespace === wanted) return latest;
      const here = this.labelsOf(digest).find(({ info }) => info.namespace === wanted) ?? latest;
      if (here !== undefined) return here;
    }
    return this.label(namespace ?? DEFAULT_NAMESPACE, module);
  }

  private unknown({ module, namespace }: Required<ModuleRef>): CoreError {
    const near = nearNames(
      module,
      this.list(namespace).map(({ info }) => info.name),
    );
    const elsewhere = this.list()
      .filter(({ info }) => info.name === module && info.namespace !== namespace)
      .map(({ info }) => info.namespace);
    const shown = module.length > 80 ? `${module.slice(0, 77)}…` : module;
    const hints = [
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '',
      elsewhere.length > 0 ? `It is loaded in the namespace ${elsewhere.slice(0, 3).join(', ')}.` : '',
      'List modules with module/list (quern list), load one with module/load (quern load FILE).',
    ];
    const message = [`There is no module ${shown} in the namespace ${namespace}.`, ...hints]
      .filter((part) => part !== '')
      .join(' ');
    return new CoreError('MODULE_UNKNOWN', message, { module: shown, namespace, candidates: near });
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}\0${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

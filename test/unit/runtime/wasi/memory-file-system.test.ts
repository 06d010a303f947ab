import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DirectoryNode, FsNode } from '../../../../wasm-core/runtime/wasi/directory-node.ts';
import { ERRNO, Refusal } from '../../../../wasm-core/runtime/wasi/errno.ts';
import { MemoryFileSystem } from '../../../../wasm-core/runtime/wasi/memory-file-system.ts';

const MAX_BYTES = 100;
const MAX_NODES = 3;

/**
 * The model: full paths without a leading slash, and the bytes of files, `null` for directories. The root is ''.
 * It knows nothing of nodes, cookies or budgets: it counts anew each time.
 */
class Model {
  readonly paths = new Map<string, string | null>([['', null]]);

  /** @returns the name of the refusal; undefined for success */
  write(path: string, text: string): string | undefined {
    const problem = this.parentProblem(path);
    if (problem) return problem;
    const old = this.paths.get(path);
    if (old === null) return 'ISDIR';
    if (old === undefined && this.paths.size - 1 === MAX_NODES) return 'NOSPC';
    this.paths.set(path, old ?? '');
    if (this.byteLength() + text.length > MAX_BYTES) return 'NOSPC';
    this.paths.set(path, (old ?? '') + text);
    return undefined;
  }

  mkdir(path: string): string | undefined {
    const problem = this.parentProblem(path);
    if (problem) return problem;
    if (this.paths.has(path)) return 'EXIST';
    if (this.paths.size - 1 === MAX_NODES) return 'NOSPC';
    this.paths.set(path, null);
    return undefined;
  }

  remove(path: string, kind: 'file' | 'directory'): string | undefined {
    const problem = this.parentProblem(path);
    if (problem) return problem;
    const old = this.paths.get(path);
    if (old === undefined) return 'NOENT';
    if (kind === 'file' && old === null) return 'ISDIR';
    if (kind === 'directory' && old !== null) return 'NOTDIR';
    if (old === null && this.below(path).length > 0) return 'NOTEMPTY';
    this.paths.delete(path);
    return undefined;
  }

  rename(from: string, to: string): string | undefined {
    const problem = this.parentProblem(from) ?? this.parentProblem(to);
    if (problem) return problem;
    const [old, replaced] = [this.paths.get(from), this.paths.get(to)];
    if (old === undefined) return 'NOENT';
    if (from === to) return undefined;
    if (old === null && to.startsWith(`${from}/`)) return 'INVAL';
    if (old !== null && replaced === null) return 'ISDIR';
    if (old === null && replaced !== undefined && replaced !== null) return 'NOTDIR';
    if (replaced === null && this.below(to).length > 0) return 'NOTEMPTY';
    const moved = [from, ...this.below(from)].map((path) => [path, this.paths.get(path) ?? null] as const);
    for (const [path] of moved) this.paths.delete(path);
    for (const [path, content] of moved) this.paths.set(to + path.slice(from.length), content);
    return undefined;
  }

  private parentProblem(path: string): string | undefined {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const above = this.paths.get(parts.slice(0, i).join('/'));
      if (above === undefined) return 'NOENT';
      if (above !== null) return 'NOTDIR';
    }
    return undefined;
  }

  private below(path: string): string[] {
    return [...this.paths.keys()].filter((p) => p.startsWith(`${path}/`));
  }

  private byteLength(): number {
    return [...this.paths.values()].reduce((sum, text) => sum + (text?.length ?? 0), 0);
  }
}

const names: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(ERRNO).map(([name, number]) => [number, name]),
);

function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return names[error.errno];
    throw error;
  }
}

function append(fs: MemoryFileSystem, path: string, text: string): void {
  const options = { create: true, exclusive: false, directory: false, truncate: false, write: true };
  const node = fs.open(fs.root, path, options);
  try {
    if (node.type === 'file') node.write(node.byteLength, Buffer.from(text));
  } finally {
    fs.release(node);
  }
}

/** All that is there, in the model's form. */
function contents(fs: MemoryFileSystem): Map<string, string | null> {
  const found = new Map<string, string | null>([['', null]]);
  visit(fs.root, '');
  return found;

  function visit(directory: DirectoryNode, prefix: string): void {
    for (const entry of directory.entriesAfter(2)) {
      if (entry === undefined) continue;
      const path = prefix + entry.name;
      found.set(path, textOf(entry.node));
      if (entry.node.type === 'directory') visit(entry.node, `${path}/`);
    }
  }
}

function textOf(node: FsNode): string | null {
  if (node.type === 'directory') return null;
  const bytes = new Uint8Array(node.byteLength + 1);
  return Buffer.from(bytes.subarray(0, node.read(0, bytes))).toString();
}

const path = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 }).map((p) => p.join('/'));
const text = fc.integer({ min: 0, max: 90 }).map((n) => 'x'.repeat(n));
const operation = fc.oneof(
  fc.record({ do: fc.constant('write' as const), path, text }),
  fc.record({ do: fc.constant('mkdir' as const), path }),
  fc.record({ do: fc.constant('mkdir' as const), path }),
  fc.record({ do: fc.constant('unlink' as const), path }),
  fc.record({ do: fc.constant('rmdir' as const), path }),
  fc.record({ do: fc.constant('rename' as const), path, to: path }),
);

describe('MemoryFileSystem', () => {
  it('does what a map of paths does, refusal for refusal, with its caps on bytes and files', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(operation, { minLength: 40, maxLength: 60, size: 'max' }), (operations) => {
        const fs = new MemoryFileSystem({ maxBytes: MAX_BYTES, maxNodes: MAX_NODES, nowNs: () => 0n });
        const model = new Model();
        for (const op of operations) {
          const expected = apply(model, op);
          assert.equal(applyReal(fs, op), expected, JSON.stringify(op));
          seen.add(`${op.do} ${expected}`);
        }
        const sorted = (map: Map<string, string | null>): unknown =>
          [...map].sort(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual(sorted(contents(fs)), sorted(model.paths));
      }),
      { numRuns: 1000 },
    );
    // The operations reached what they are to test.
    for (const case_ of [
      'write NOSPC',
      'mkdir NOSPC',
      'rename INVAL',
      'rename NOTEMPTY',
      'rename undefined',
    ]) {
      assert.ok(seen.has(case_), `${case_} was never seen in ${[...seen].join(', ')}`);
    }
  });

  it('gives room back when the last name or descriptor of a file goes', () => {
    const fs = new MemoryFileSystem({ maxBytes: 10, maxNodes: 1, nowNs: () => 0n });
    for (let i = 0; i < 5; i++) {
      append(fs, 'f', '0123456789');
      assert.equal(
        refusal(() => append(fs, 'f', 'x')),
        'NOSPC',
      );
      assert.equal(
        refusal(() => append(fs, 'g', '')),
        'NOSPC',
      );
      const held = fs.open(fs.root, 'f', {
        create: false,
        exclusive: false,
        directory: false,
        truncate: false,
        write: false,
      });
      fs.unlink(fs.root, 'f');
      assert.equal(textOf(held), '0123456789');
      assert.equal(
        refusal(() => append(fs, 'g', '')),
        'NOSPC',
      );
      fs.release(held);
    }
  });
});

type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function apply(model: Model, op: Operation): string | undefined {
  switch (op.do) {
    case 'write':
      return model.write(op.path, op.text);
    case 'mkdir':
      return model.mkdir(op.path);
    case 'unlink':
      return model.remove(op.path, 'file');
    case 'rmdir':
      return model.remove(op.path, 'directory');
    case 'rename':
      return model.rename(op.path, op.to);
  }
}

function applyReal(fs: MemoryFileSystem, op: Operation): string | undefined {
  return refusal(() => {
    switch (op.do) {
      case 'write':
        return append(fs, op.path, op.text);
      case 'mkdir':
        return fs.createDirectory(fs.root, op.path);
      case 'unlink':
        return fs.unlink(fs.root, op.path);
      case 'rmdir':
        return fs.removeDirectory(fs.root, op.path);
      case 'rename':
        return fs.rename(fs.root, op.path, fs.root, op.to);
    }
  });
}

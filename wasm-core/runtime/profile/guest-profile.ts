import { HOOKS_MODULE } from '../../binary/profile/hooks-module.ts';
import {
  COUNTERS_EXPORT,
  COUNTERS_PER_READER,
  HOOK,
  HOOKS_EXPORT,
  type RawProfile,
} from '../../binary/profile/profile-map.ts';
import type { CompiledModule } from '../compiled-module.ts';
import { leftOf } from '../fuel.ts';
import { CallTree } from './call-tree.ts';

/** Follows one instance of a profiled module from its first call on. */
export class GuestProfile {
  private readonly calls: CallTree;
  private readonly digest: string;
  private readonly counterCount: number;
  private exports: Readonly<Record<string, WebAssembly.ExportValue>> = {};

  /** @returns undefined for a module that is not profiled */
  static of({ profile, digest }: Pick<CompiledModule, 'profile' | 'digest'>): GuestProfile | undefined {
    return profile && new GuestProfile(digest, profile.functionCount, profile.functions.length);
  }

  private constructor(digest: string, functionCount: number, counterCount: number) {
    this.digest = digest;
    this.counterCount = counterCount;
    this.calls = new CallTree(functionCount);
  }

  /** Lets the instance tell of its calls. To be done before any of its code runs. */
  attach(exports: Readonly<Record<string, WebAssembly.ExportValue>>): void {
    this.exports = exports;
    const table = exports[HOOKS_EXPORT];
    if (!(table instanceof WebAssembly.Table))
      throw new Error('a profiled module has no table for its hooks');
    const { calls } = this;
    const h = {
      e: (index: number, counter: number, reserve: number) => calls.enter(index, leftOf(counter, reserve)),
      l: (counter: number, reserve: number) => calls.leave(leftOf(counter, reserve)),
      s: (depth: number, counter: number, reserve: number) => calls.settle(depth, leftOf(counter, reserve)),
    };
    const hooks = new WebAssembly.Instance(new WebAssembly.Module(HOOKS_MODULE), { h }).exports;
    table.set(HOOK.enter, hooks.e);
    table.set(HOOK.leave, hooks.l);
    table.set(HOOK.settle, hooks.s);
  }

  /** Says that the instance gets fuel. @param before what it had left; absent: it is new @param after what it has now */
  refuel(before: number | undefined, after: number): void {
    if (before !== undefined) this.calls.advance(before);
    this.calls.refuel(after);
  }

  /** Says that a call has thrown its way out of the instance. @param left fuel that is left */
  unwind(left: number): void {
    this.calls.unwind(left);
  }

  /** What the instance did so far. @param left fuel that is left */
  take(left: number): RawProfile {
    this.calls.unwind(left);
    const { tree, counts, isCut } = this.calls;
    return { digest: this.digest, counts: this.counters(), ...counts, tree, isCut };
  }

  private counters(): Float64Array {
    const counts = new Float64Array(this.counterCount);
    for (let first = 0; first < counts.length; first += COUNTERS_PER_READER) {
      const read = this.exports[`${COUNTERS_EXPORT}${first / COUNTERS_PER_READER}`];
      if (typeof read !== 'function') throw new Error('a profiled module does not give its counters');
      const values: unknown = read();
      // One result comes by itself, several as an array.
      const all = Array.isArray(values) ? values : [values];
      for (const [index, value] of all.entries()) counts[first + index] = Number(value);
    }
    return counts;
  }
}

import type { Outcome } from '../../../runtime/job.ts';
import type { Caller, ModuleRun, ModuleRunner } from '../../module-runner.ts';
import type { Subject } from '../subject.ts';
import { workDigest } from '../work-digest.ts';

/** Runs of a module; nothing that they set is kept, and no event tells of them. */
export function moduleSubject(options: {
  readonly runner: ModuleRunner;
  readonly run: ModuleRun;
  /** What tells its input or its arguments from others: a JSON value. */
  readonly asked: unknown;
  readonly client: object;
}): Subject {
  const { runner, asked, client } = options;
  const run: ModuleRun = { ...options.run, purpose: 'trial' };
  const { task, record } = run;
  const name = task.type === 'call' ? task.function.name : record.info.name;
  return {
    work: workDigest(task.type, task.type === 'call' ? name : '', asked, run.setting),
    canRepeat: true,
    run: async (count, signal) => {
      const caller: Caller = { signal, client };
      let [least, most, isCounted] = [Number.POSITIVE_INFINITY, 0, true];
      const started = performance.now();
      for (let i = 0; i < count; i++) {
        const running: Outcome | Promise<Outcome> = runner.run(run, caller);
        // What is done at once costs no turn of the event loop, as for a client.
        const { usage } = running instanceof Promise ? await running : running;
        if (usage.fuel === undefined) isCounted = false;
        else if (usage.fuel < least) least = usage.fuel;
        if (usage.fuel !== undefined && usage.fuel > most) most = usage.fuel;
      }
      const micros = ((performance.now() - started) * 1000) / count;
      return { micros, ...(isCounted && { fuel: { least, most } }) };
    },
    modules: async () => ({ [name]: record.info.digest }),
  };
}

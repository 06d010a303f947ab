import { spawnSync } from 'node:child_process';

/**
 * What is said of other runtimes. Their command lines start a process for each run, which is no peer of a host that is
 * there already, so they are named and not measured.
 */
export function runtimeNotes(): string[] {
  return ['wasmtime', 'wazero'].map((name) => {
    const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (error) return `${name}: not on this machine, skipped.`;
    return `${name}: ${stdout.trim()} is here, but starts a process for each run; not compared.`;
  });
}

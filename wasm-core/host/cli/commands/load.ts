import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { LoadParams } from '../../../protocol/methods.ts';
import { sqlSignature } from '../../../protocol/sql-signature.ts';
import { aboutFile } from '../about-file.ts';
import type { Cli } from '../cli.ts';
import { compileOne, isSource } from '../compile.ts';
import { readInputFile } from '../input.ts';
import { capabilitiesText } from '../module-text.ts';
import { print } from '../output.ts';

interface LoadOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly manifest?: string;
  readonly grant?: readonly string[];
}

/** `quern load FILE`. */
export function addLoad(program: Command, cli: Cli): void {
  program
    .command('load')
    .description('keep a module under a name: a .wasm file, or a .wat or AssemblyScript source')
    .argument('<file>', 'the module; a file NAME.quern.json beside NAME.wasm is its manifest')
    .option('--name <name>', "the module's name (default: the file's name without its ending)")
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"')
    .option('--manifest <file>', 'a manifest, instead of the one in the module or beside it')
    .option(
      '--grant <capabilities>',
      'what it may use, such as state,random; "none" takes all away (default: what these bytes had)',
      capabilityNames,
    )
    .action(async (file: string, options: LoadOptions) => {
      const connection = await cli.connect();
      const params = await loadParams(cli, file, options);
      const loaded = await aboutFile(file, () => connection.request('module/load', params));
      if (cli.json) return print(JSON.stringify(loaded));
      await print(`${loaded.name}  ${loaded.uuid}`);
      for (const fn of loaded.functions) await print(`  ${sqlSignature(fn)}`);
      if (loaded.process) await print('  process: quern execute and quern chain can run it');
      const { needed, granted } = loaded.capabilities;
      // Every module may log: nothing worth a line.
      if ([...needed, ...granted].every((capability) => capability === 'log')) return;
      await print(`  ${capabilitiesText(loaded.capabilities)}`);
    });
}

async function loadParams(cli: Cli, file: string, options: LoadOptions): Promise<LoadParams> {
  const source = path.resolve(file);
  const { namespace, grant } = options;
  const labels = {
    ...(namespace !== undefined && { namespace }),
    ...(grant !== undefined && { grant }),
    source,
  };
  const name = options.name ?? path.basename(source, path.extname(source));
  if (isSource(source)) {
    const wasm = await compileOne(cli, source);
    return { ...labels, name, bytes: { base64: wasm.toString('base64') }, ...manifestOf(options.manifest) };
  }
  const sidecar = source.replace(/\.wasm$/, '.quern.json');
  const manifest = options.manifest ?? (sidecar !== source && existsSync(sidecar) ? sidecar : undefined);
  return { ...labels, name, path: source, ...manifestOf(manifest) };
}

function manifestOf(file: string | undefined): { readonly manifest?: string } {
  return file === undefined ? {} : { manifest: readInputFile(file, 'manifest').toString('utf8') };
}

/** Names with commas between them, given once or several times. */
function capabilityNames(text: string, before: readonly string[] | undefined): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...(before ?? []), ...names.filter((name) => name !== '' && name !== 'none')];
}

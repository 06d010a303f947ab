import { existsSync } from 'node:fs';
import path from 'node:path';
import { isProjectFile } from '../../../../wasm-core/protocol/plugins.ts';
import { readCargoModules, readRustcJson } from '../rustc-json.ts';
import { readDependencies } from './dependencies.ts';
import { executable } from './environment.ts';
import { atHome, type FoundTool, probeFailure, type ToolSpec } from './find-tool.ts';
import {
  isFound,
  type MissingPlan,
  PROJECT_TIMEOUT_MS,
  SOURCE_TIMEOUT_MS,
  type ToolJob,
  type ToolLanguage,
  type ToolPlan,
} from './tool-language.ts';

const TARGET = 'wasm32-unknown-unknown';

const PLACES = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', ...atHome('.cargo/bin')];

const RUSTC: ToolSpec = {
  name: 'rustc',
  programs: ['rustc'],
  places: PLACES.map((folder) => path.join(folder, executable('rustc'))),
  probe: async (ask) => {
    const libraries = await ask(['--print', 'target-libdir', '--target', TARGET]);
    if (libraries.status !== 0) return { reason: probeFailure(libraries) };
    const folder = libraries.stdout.trim();
    if (!existsSync(folder)) return { reason: `it has no target ${TARGET} (${folder} is not there)` };
    const { stdout } = await ask(['--version']);
    return { version: stdout.trim() };
  },
};

const CARGO: ToolSpec = {
  name: 'cargo',
  programs: ['cargo'],
  places: PLACES.map((folder) => path.join(folder, executable('cargo'))),
  probe: async (ask) => {
    const asked = await ask(['--version']);
    return asked.status === 0 ? { version: asked.stdout.trim() } : { reason: probeFailure(asked) };
  },
};

/** Rust: single files, by rustc alone, and crates, by cargo. */
export const RUST_LANGUAGE: ToolLanguage = {
  plan: async (job) => {
    const rustc = await job.finder.find(RUSTC, job.tools);
    if (!isFound(rustc)) return { missing: 'rustc', report: rustc };
    return isProjectFile(job.source.path) ? await planCrate(job, rustc) : planFile(job, rustc);
  },
  read: ({ stdout, stderr }, { source, tempFolder, sdkFolder }) => {
    const diagnostics = readRustcJson(`${stdout}\n${stderr}`);
    if (isProjectFile(source.path)) {
      const wasmFile = readCargoModules(stdout).at(-1);
      return { diagnostics, ...(wasmFile !== undefined && { wasmFile }) };
    }
    const wasmFile = path.join(tempFolder, MODULE);
    const read = readDependencies(path.join(tempFolder, DEPENDENCIES), path.dirname(source.path));
    return {
      diagnostics,
      ...(existsSync(wasmFile) && { wasmFile }),
      inputs: read.filter((file) => file !== source.path && !file.startsWith(sdkFolder)),
    };
  },
};

const MODULE = 'plugin.wasm';
const DEPENDENCIES = 'plugin.d';

const PRESET_ARGUMENTS = {
  debug: ['-C', 'opt-level=1', '-g'],
  release: ['-C', 'opt-level=3', '-C', 'lto=fat', '-C', 'codegen-units=1', '-C', 'strip=debuginfo'],
} as const;

function planFile({ source, preset, tempFolder, sdkFolder, isSaved }: ToolJob, tool: FoundTool): ToolPlan {
  const folder = path.dirname(source.path);
  const text = withSdk(source.text, { folder, sdkFolder });
  const isFile = isSaved && text === source.text;
  const name = path.basename(source.path);
  return {
    tool,
    args: [
      ...['--target', TARGET, '--crate-type', 'cdylib', '--edition', '2021', '--error-format=json'],
      ...['--crate-name', crateName(name), '-C', 'panic=abort', ...PRESET_ARGUMENTS[preset]],
      `--emit=link=${path.join(tempFolder, MODULE)},dep-info=${path.join(tempFolder, DEPENDENCIES)}`,
      // So that lines of traps are told by names from the root.
      `--remap-path-prefix=${folder}=${path.relative(source.root, folder) || '.'}`,
      `--remap-path-prefix=<anon>=${name}`,
      isFile ? `./${name}` : '-',
    ],
    // Modules that the source names lie beside it.
    cwd: folder,
    timeoutMs: SOURCE_TIMEOUT_MS,
    ...(!isFile && { stdin: text }),
  };
}

/** A name that rustc takes, of a file's. */
function crateName(name: string): string {
  return `p_${name.replace(/\.[^.]*$/, '').replace(/\W/g, '_')}`;
}

const SDK_MODULE = /^([ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+quern[ \t]*;)/m;
const SDK_WITH_PATH = /#\[path\s*=[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?mod\s+quern\s*;/;

/** Where `mod quern;` has neither a path nor a file beside it, it is the SDK's. The lines stay what they are. */
function withSdk(text: string, at: { readonly folder: string; readonly sdkFolder: string }): string {
  const isThere = ['quern.rs', 'quern/mod.rs'].some((name) => existsSync(path.join(at.folder, name)));
  if (isThere || SDK_WITH_PATH.test(text)) return text;
  const sdk = path.join(at.sdkFolder, 'rust', 'quern.rs');
  return text.replace(SDK_MODULE, (declaration) => `#[path = r#"${sdk}"#] ${declaration}`);
}

async function planCrate(job: ToolJob, rustc: FoundTool): Promise<ToolPlan | MissingPlan> {
  const { source, preset, cacheFolder, finder, tools } = job;
  // A cargo of another version may ask this rustc for what it does not know.
  const own = path.join(path.dirname(rustc.path), executable('cargo'));
  const cargo = await finder.find(CARGO, tools, [own]);
  if (!isFound(cargo)) return { missing: 'cargo', report: cargo };
  const hasProfile = /^\s*\[profile\.dev\]/m.test(source.text);
  return {
    tool: cargo,
    args: [
      'build',
      '--lib',
      '--target',
      TARGET,
      '--message-format=json',
      ...(preset === 'release' ? ['--release'] : []),
    ],
    cwd: path.dirname(source.path),
    env: {
      RUSTC: rustc.path,
      CARGO_TARGET_DIR: cacheFolder,
      CARGO_TERM_COLOR: 'never',
      ...(!hasProfile && { CARGO_PROFILE_DEV_OPT_LEVEL: '1' }),
    },
    timeoutMs: PROJECT_TIMEOUT_MS,
  };
}

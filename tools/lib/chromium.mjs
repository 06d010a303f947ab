import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** What Debian's packages are called; the fonts keep texts in screenshots legible. */
const PACKAGES = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Finds a Chromium for the tests of pages. Root on a Debian-like system gets one installed.
 *
 * @param {(line: string) => void} [say] told before something is installed
 * @returns {string} the executable's absolute path
 * @throws Error with one line that says what to install
 */
export function findChromium(say = console.error) {
  const found = process.env.CHROMIUM ?? onPath();
  if (found !== undefined) return found;
  const canInstall =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall) {
    throw new Error(
      'The tests of pages need Chromium: install it, or name one with CHROMIUM=/path/to/chromium.',
    );
  }
  say(`Installing ${PACKAGES.join(', ')} …`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES);
  const installed = onPath();
  if (installed === undefined) throw new Error('apt-get installed chromium, and it is not on PATH.');
  return installed;
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const ran = spawnSync('apt-get', args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status === 0) return;
  const tail = `${ran.stdout}${ran.stderr}`.trim().split('\n').slice(-5).join('\n');
  throw new Error(`apt-get ${args[0]} failed, so install chromium yourself:\n${tail}`);
}

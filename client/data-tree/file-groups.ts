/** A folder of a list of paths. */
export interface FolderEntry {
  /** With `/`, from the workspace folder; `''` is that itself. */
  readonly path: string;
  /** What it is called there: several names where each but the last holds one folder and nothing else. */
  readonly label: string;
}

/** What lies in a folder. */
export interface FolderContent {
  readonly folders: readonly FolderEntry[];
  /** Paths, as they were given. */
  readonly files: readonly string[];
}

/**
 * What lies in a folder of a list of files; folders that hold one folder and nothing else are passed through.
 *
 * @param paths of files, with `/`, from the workspace folder
 * @param folder one of them, `''` for the workspace folder
 */
export function contentOf(paths: readonly string[], folder: string): FolderContent {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = paths.filter((path) => path.startsWith(prefix));
  const files = inside.filter((path) => !path.slice(prefix.length).includes('/'));
  const names = new Set(
    inside.flatMap((path) => {
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      return rest.length > 0 ? [name] : [];
    }),
  );
  const folders = [...names].sort(byName).map((name) => passedThrough(inside, prefix, name));
  return { folders, files: [...files].sort(byName) };
}

function passedThrough(paths: readonly string[], prefix: string, name: string): FolderEntry {
  const path = `${prefix}${name}`;
  const { folders, files } = contentOf(paths, path);
  const [only] = folders;
  if (only === undefined || folders.length > 1 || files.length > 0) return { path, label: name };
  return { path: only.path, label: `${name}/${only.label}` };
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

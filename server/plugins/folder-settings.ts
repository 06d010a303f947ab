import {
  NO_SETTINGS,
  readWorkspaceFile,
  WORKSPACE_FILE,
  type WorkspaceSettings,
} from '../../wasm-core/protocol/workspace-file.ts';
import type { PlatformFiles } from '../platform.ts';

/** The `quern.json` of folders, as their files are now. */
export class FolderSettings {
  private readonly read = new Map<string, { readonly text: string; readonly settings: WorkspaceSettings }>();

  constructor(private readonly files: Pick<PlatformFiles, 'readText' | 'join'>) {}

  /** What a folder's file says; what is at fault in it is left out. @param folder absolute */
  of(folder: string): WorkspaceSettings {
    const file = this.files.join(folder, WORKSPACE_FILE);
    const text = this.files.readText(file);
    if (text === undefined) return NO_SETTINGS;
    const known = this.read.get(folder);
    if (known?.text === text) return known.settings;
    const { settings } = readWorkspaceFile(text, { source: file });
    this.read.set(folder, { text, settings });
    return settings;
  }
}

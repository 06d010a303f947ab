import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { callText } from '../functions/call-text.ts';
import { functionTarget } from '../functions/function-target.ts';
import { coverageSummary } from '../profile/coverage.ts';
import type { ProfilePanel } from '../profile/profile-panel.ts';
import type { ShownProfile } from '../profile/shown-profile.ts';
import { isPluginSource } from '../run/plugin-saves.ts';
import { checkTrust } from '../trust.ts';
import { type FunctionCommandParts, runCall } from './function-commands.ts';
import type { Commands } from './register.ts';

interface ProfileCommandParts extends FunctionCommandParts {
  readonly shown: ShownProfile;
  readonly panel: ProfilePanel;
}

/** Commands about what plugins execute. */
export function profileCommands(parts: ProfileCommandParts): Commands {
  const { shown, panel } = parts;
  return {
    'quern.profileFunction': (argument) => profileFunction(parts, argument),
    'quern.showCoverage': async () => {
      const editor = vscode.window.activeTextEditor;
      const isSource = editor !== undefined && isPluginSource(editor.document);
      if (shown.isVisible && (shown.profile === undefined || (isSource && !hasLines(shown, editor)))) {
        // There is nothing to take away, and nothing to show before something was counted.
        return profileFunction(parts, undefined);
      }
      shown.show(!shown.isVisible);
      tell(shown, editor);
    },
    'quern.showProfile': () => {
      if (shown.profile !== undefined) return panel.reveal();
      const message =
        'Nothing was profiled yet. Use Profile Statement in SQL, or Profile above a function in its source.';
      throw new CoreError('REQUEST_INVALID', message);
    },
  };
}

async function profileFunction(parts: ProfileCommandParts, argument: unknown): Promise<void> {
  if (!(await checkTrust())) return;
  const target = await functionTarget(argument, parts.languages);
  const given = await parts.args.of(target, 'run');
  if (given === undefined) return;
  await runCall(parts, target, { sql: callText(target.function, given), mode: 'profile' });
}

function hasLines(shown: ShownProfile, editor: vscode.TextEditor): boolean {
  return shown.linesOf(editor.document.uri) !== undefined;
}

/** One line at the window's edge says what the colours are of. */
function tell(shown: ShownProfile, editor: vscode.TextEditor | undefined): void {
  const lines = editor && shown.isVisible ? shown.linesOf(editor.document.uri) : undefined;
  if (lines === undefined || shown.profile === undefined) return;
  const text = `${shown.profile.title}: ${coverageSummary(lines)}`;
  vscode.window.setStatusBarMessage(text, 8_000);
}

import * as vscode from 'vscode';

/**
 * Whether the workspace may run things. In Restricted Mode it says why nothing happens and offers the way out.
 *
 * @returns true when the workspace is trusted
 */
export async function checkTrust(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'This window is in Restricted Mode: Quern runs no SQL, compiles no plugins and starts no host until you trust the workspace.',
    ),
    manage,
  );
  if (picked === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return vscode.workspace.isTrusted;
}

import * as vscode from 'vscode';

/**
 * The results page: an empty document, a script and a style sheet of ours, and nothing else may load or run.
 *
 * @param folder of results.js and results.css
 */
export function resultsHtml(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'results.js'));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'results.css'));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quern Results</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

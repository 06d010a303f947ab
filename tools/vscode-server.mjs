// Installs the VS Code server that the editor tests run in; does nothing when it is there.
import { installServer } from './vscode/install.mjs';

try {
  console.log(installServer((line) => console.error(line)).folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

import { compilerMemory } from './plugins/compiler-memory.ts';
import { openingModule } from './plugins/opening-module.ts';
import { saveToForce } from './plugins/save-to-force.ts';
import type { SuiteResult } from './report.ts';

/** Work on plugins and their modules in the editor. */
export async function pluginsSuite(): Promise<SuiteResult> {
  return {
    title: 'Plugins in the editor',
    // Memory first, before the others leave any behind.
    rows: [...(await compilerMemory()), ...(await openingModule()), ...(await saveToForce())],
    notes: [
      "A module is opened as its editor does it, in a thread; the other thread stands for the editor's, which must not wait.",
      'A save is followed from the message of the editor to the word that the host has the functions; each save is another text.',
    ],
  };
}

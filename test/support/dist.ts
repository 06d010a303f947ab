import path from 'node:path';
import { projectRoot } from './project.ts';

/** The folder of the built files that tests run; `QUERN_TEST_DIST` names another one. */
export function distFolder(): string {
  return process.env.QUERN_TEST_DIST ?? path.join(projectRoot(), 'dist');
}

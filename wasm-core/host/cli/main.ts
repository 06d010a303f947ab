#!/usr/bin/env node
import { runCommandLine } from './run-command-line.ts';

// The command `quern`, built into dist/quern.js.
void runCommandLine(process.argv, { distFolder: __dirname });

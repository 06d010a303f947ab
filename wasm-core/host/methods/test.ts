import type { TestRunParams } from '../../protocol/tests.ts';
import type { HostContext, Methods } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readAbsolutePaths,
  readOptionalAbsolutePath,
  readOptionalInteger,
  readOptionalString,
  readParams,
  readStrings,
  readText,
} from '../params.ts';
import { runTestFile } from '../tests/run-test-file.ts';

const MEMBERS = [
  ...['path', 'text', 'folder', 'allow', 'namespace', 'includes', 'lines', 'environment', 'timeoutMs'],
];

/** `test/run`. */
export function testMethods({ sessions }: HostContext): Methods<'test/run'> {
  return {
    'test/run': (value, call) => runTestFile(readTestRun(readParams(value, MEMBERS)), { sessions, call }),
  };
}

function readTestRun(params: Params): TestRunParams {
  const folder = readOptionalAbsolutePath(params, 'folder');
  const namespace = readOptionalString(params, 'namespace');
  const timeoutMs = readOptionalInteger(params, 'timeoutMs', { min: 1, max: 86_400_000 });
  return {
    path: readAbsolutePath(params, 'path'),
    ...(!isAbsent(params.text) && { text: readText(params, 'text') }),
    ...(folder !== undefined && { folder }),
    allow: readAbsolutePaths(params, 'allow'),
    ...(namespace !== undefined && { namespace }),
    includes: readStrings(params, 'includes'),
    ...(!isAbsent(params.lines) && { lines: readLines(params.lines) }),
    environment: readEnvironment(params.environment),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function readLines(value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every((line) => Number.isInteger(line) && line >= 1)) return value;
  throw invalid('lines must be an array of line numbers, from 1.');
}

function readEnvironment(value: unknown): Readonly<Record<string, string>> {
  if (isAbsent(value)) return {};
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (isObject && Object.values(value).every((text) => typeof text === 'string')) {
    return value as Readonly<Record<string, string>>;
  }
  throw invalid('environment must be an object of strings.');
}

import * as vscode from 'vscode';
import { HOST_OPERATIONS, type HostOperation } from '../../wasm-core/protocol/bench.ts';
import type { BenchSubject } from './bench-subject.ts';

/** Stands for the host, which is no file. */
export const HOST_URI = 'quern-host:/host';

/** What of the host is measured: a connection, requests, a query, a session. @param names of `HOST_OPERATIONS` */
export function hostSubjects(names: readonly string[]): readonly BenchSubject[] {
  return HOST_OPERATIONS.filter((operation) => names.includes(operation)).map(hostSubject);
}

function hostSubject(operation: HostOperation): BenchSubject {
  const file = vscode.Uri.parse(HOST_URI);
  const subject: BenchSubject = {
    name: operation,
    file,
    document: { uri: file },
    work: { type: 'host', operation },
    options: {},
    isCommitted: false,
    find: async () => undefined,
    again: async () => subject,
  };
  return subject;
}

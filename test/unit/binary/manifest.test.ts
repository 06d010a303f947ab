import assert from 'node:assert/strict';
import { parseManifest, readManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { throwsKind } from '../../support/core-error.ts';
import { assemble, assemblePlugin, ECHO_WAT, manifestOf, sqlFunction } from '../../support/wat.ts';

describe('parseManifest', () => {
  it('fills in the defaults', () => {
    const text =
      '{"abi":1,"functions":[{"name":"f","parameters":[{"name":"a","type":"BLOB"}],"returns":"DOUBLE"}]}';
    assert.deepEqual(parseManifest(text, { source: 'x.quern.json' }), {
      abi: 1,
      doc: '',
      capabilities: [],
      functions: [
        {
          name: 'f',
          export: 'f',
          parameters: [{ name: 'a', type: 'BLOB' }],
          returns: 'DOUBLE',
          deterministic: true,
          doc: '',
        },
      ],
    });
  });

  const bad: readonly (readonly [string, RegExp])[] = [
    ['{', /not JSON/],
    ['[]', /\$ is \[\]; write an object/],
    ['{}', /\$\.abi is missing; write 1/],
    ['{"abi":2}', /\$\.abi is 2; write 1/],
    ['{"abi":1,"functions":{}}', /\$\.functions is \{\}; write an array/],
    ['{"abi":1,"functions":[{"name":"Slug"}]}', /\$\.functions\[0\]\.name is "Slug"; write a lower-case/],
    ['{"abi":1,"functions":[{"name":"f","return":"INTEGER"}]}', /\$\.functions\[0\]\.returns is missing/],
    ['{"abi":1,"functions":[{"name":"f","returns":"TEXT"}]}', /returns is "TEXT"; write VARCHAR/],
    ['{"abi":1,"functions":[{"name":"f","returns":"DATUM"}]}', /returns is "DATUM"; write one of BOOLEAN,/],
    [
      '{"abi":1,"functions":[{"name":"f","kind":"aggregate","returns":"DATE","parameters":[{"name":"d","type":"DOCUMENT"}]}]}',
      /parameters\[0\] is a DOCUMENT; only a scalar function/,
    ],
    [
      '{"abi":1,"functions":[{"name":"f","returns":"TABLE(a DATE)","kind":"scalar"}]}',
      /a table function, and no other/,
    ],
    ['{"abi":1,"functions":[{"name":"f","returns":"DECIMAL(39,1)"}]}', /write one of BOOLEAN,/],
    [
      '{"abi":1,"functions":[{"name":"f","returns":"BLOB","parameters":[{"name":"","type":"BLOB"}]}]}',
      /parameters\[0\]\.name is ""/,
    ],
    [
      '{"abi":1,"functions":[{"name":"f","returns":"BLOB"},{"name":"f","returns":"BLOB"}]}',
      /\$\.functions\[1\] is f\(\) again/,
    ],
    ['{"abi":1,"functions":[{"name":"f","returns":"BLOB","deterministic":"no"}]}', /write true or false/],
    ['{"abi":1,"capabilities":"log"}', /\$\.capabilities is "log"; write an array/],
    [
      '{"abi":1,"capabilities":["log","network"]}',
      /\$\.capabilities\[1\] is "network"; write one of log, state, document, random, clock, fs\./,
    ],
  ];
  for (const [text, message] of bad) {
    it(`refuses ${text} and says what to write`, async () => {
      const error = await throwsKind('FORMAT_MANIFEST', message, () =>
        parseManifest(text, { source: 'here' }),
      );
      assert.equal(error.details.source, 'here');
    });
  }
});

describe('readManifest', () => {
  it('gives what writeManifest wrote, and nothing for a module without', async () => {
    const functions = [sqlFunction('slug', ['VARCHAR'], 'VARCHAR')];
    const module = readModule(await assemblePlugin(ECHO_WAT, functions));
    assert.deepEqual(readManifest(module), manifestOf(functions));
    assert.equal(readManifest(readModule(await assemble(ECHO_WAT))), undefined);
  });
});

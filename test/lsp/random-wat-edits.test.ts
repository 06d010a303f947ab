import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  askSomething,
  changeAtRandom,
  compareServers,
  type EditedFile,
} from '../support/edited-documents.ts';
import { LanguageServerFixture } from '../support/language-server.ts';
import { diceOf } from '../support/random-edits.ts';

/** `QUERN_FUZZ_EDITS=100000` runs it at length. */
const EDITS = Number(process.env.QUERN_FUZZ_EDITS ?? 6_000);
const CHECKPOINTS = 3;
const SEED = Number(process.env.QUERN_FUZZ_SEED ?? 20_261_127);

const START = `(module $m
  ;; @udf twice(x BIGINT) -> BIGINT
  (type $t (func (param i64) (result i64)))
  (rec (type $a (struct (field $f (mut i32)))) (type $b (array (ref $a))))
  (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (global $g (mut i32) (i32.const 0)) (; a (; nested ;) comment ;)
  (func $twice (export "twice") (type $t) (local $i i32)
    block $out (result i64)
      (br_if $out (local.get 0) (local.get $i))
      i64.const 2
      i64.mul
    end)
  (func $else (param $x i32) (result i32)
    (if (result i32) (local.get $x)
      (then (i32.load offset=4 (global.get $g)))
      (else (call $log (i32.const 1)) (i32.const 0x_ff))))
  (data (i32.const 0) "text \\00 é😀") (elem declare func $twice))
`;

/** No carriage return alone: the library that keeps documents miscounts the lines of one that gets a line feed later. */
const PIECES = [
  ...'( ) (; ;) ;; " \\ $ $x $"x" $twice $out 0 1 99 i32.const i64.add call local.get br end else block loop'.split(
    ' ',
  ),
  ...'(func (module (type (param i32) (result (local (if (then (else (@custom "a" (rec (struct (field'.split(
    ' ',
  ),
  ...'\0 😀 𝒳 é \u2028 \ufeff 漢字 "😀" offset=4 nan:0x1 -1.5 (ref null funcref try_table (catch'.split(' '),
  '\n',
  '\r\n',
  ' ',
  '\t',
  '(func $new (param $p i32) (local.get $p))\n',
  '(i32.add (i32.const 1) (i32.const 2))',
  ')))',
];

const FILE: EditedFile = { name: 'a.wat', languageId: 'wat', pieces: PIECES };

describe('WebAssembly text that is edited at random', () => {
  let server: LanguageServerFixture;
  let fresh: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start();
    fresh = await LanguageServerFixture.start();
  });
  after(async () => {
    await server.dispose();
    await fresh.dispose();
  });

  it(`is known after ${EDITS} edits as a server knows it that only saw the end`, async () => {
    const dice = diceOf(SEED);
    let document = TextDocument.create(server.uri(FILE.name), FILE.languageId, 1, START);
    server.open(FILE.name, FILE.languageId, START);
    for (let edit = 1; edit <= EDITS; edit++) {
      // Text that is soon nothing but noise is begun again.
      if (edit % 200 === 0) {
        const version = server.change(FILE.name, START);
        document = TextDocument.create(document.uri, FILE.languageId, version, START);
      } else document = changeAtRandom(server, document, { file: FILE, dice });
      if (edit % 10 === 5) await askSomething(server, document, dice);
      if (edit % Math.floor(EDITS / CHECKPOINTS) === Math.floor(EDITS / CHECKPOINTS) - 20) {
        await compareServers({ server, fresh, document, file: FILE });
      }
    }
    assert.equal(server.server.exitCode, null);
  }).timeout(60_000 + EDITS * 60);
});

import fc from 'fast-check';

/*
 * Programs made at random, all of which end: loops count down, calls go only to functions that come later.
 */

/** A statement for a place in a program: the labels that it may branch to, and what it may still nest. */
export type Make = (place: {
  readonly labels: readonly string[];
  readonly depth: number;
  readonly last: boolean;
}) => string;

/**
 * The bodies of functions of a program.
 *
 * @param options.functions at most so many
 * @param options.alone whether they use nothing of their module but each other: no memory, no exceptions
 */
export function randomBodies(options: {
  readonly functions: number;
  readonly alone?: boolean;
}): fc.Arbitrary<Make[][]> {
  const { alone = false, functions } = options;
  return fc.array(fc.array(statements(alone), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: functions,
  });
}

function statements(alone: boolean): fc.Arbitrary<Make> {
  return fc.letrec<{ statement: Make; body: Make }>((tie) => ({
    body: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map(
      (statements): Make =>
        (place) =>
          statements.map((s) => s(place)).join(' '),
    ),
    statement: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'program' },
      simple(alone),
      fc.tuple(tie('body'), tie('body')).map(
        ([yes, no]): Make =>
          (place) =>
            `(if ${ODD} (then ${yes(place)}) (else ${no(place)}))`,
      ),
      tie('body').map(
        (body): Make =>
          (place) =>
            `(if ${ODD} (then ${body(place)}))`,
      ),
      tie('body').map(
        (body): Make =>
          (place) =>
            `(block $b${place.depth} ${body(inside(place))})`,
      ),
      fc.tuple(tie('body'), fc.integer({ min: 1, max: 3 })).map(([body, times]): Make => loopOf(body, times)),
      ...(alone ? [] : [tryOf(tie('body'))]),
    ),
  })).statement;
}

function tryOf(body: fc.Arbitrary<Make>): fc.Arbitrary<Make> {
  return fc.tuple(body, body).map(
    ([tried, caught]): Make =>
      (place) =>
        `(try (do ${tried(place)} ${place.labels.length > 1 ? '(call $thrower)' : ''}) (catch_all ${caught(place)}))`,
  );
}

const ODD =
  '(i32.and (local.tee $x (i32.add (i32.mul (local.get $x) (i32.const 13)) (i32.const 7))) (i32.const 8))';

const NEEDS_MODULE: readonly Make[] = [
  () => '(memory.fill (i32.const 0) (i32.const 1) (i32.and (local.get $x) (i32.const 63)))',
  ({ last }) => (last ? '(nop)' : '(return_call $next (local.get $x))'),
];

function simple(alone: boolean): fc.Arbitrary<Make> {
  return fc.constantFrom<Make[]>(
    ...(alone ? [] : NEEDS_MODULE),
    ({ last }) => (last ? '(nop)' : '(local.set $x (call $next (local.get $x)))'),
    () => '(local.set $x (i32.xor (local.get $x) (i32.const 99)))',
    () => '(nop)',
    () => '(return (local.get $x))',
    () => '(unreachable)',
    ({ labels }) => `(br ${labels.at(-1)})`,
    ({ labels }) => `(br_if ${labels[0]} ${ODD})`,
    ({ labels }) => `(br_table ${labels.join(' ')} (i32.and (local.get $x) (i32.const 3)))`,
    () => `(block (br_if 0 ${ODD}) (local.set $x (i32.const 5)))`,
  );
}

const inside: (place: Parameters<Make>[0]) => Parameters<Make>[0] = (place) => ({
  ...place,
  labels: [...place.labels, `$b${place.depth}`],
  depth: place.depth + 1,
});

function loopOf(body: Make, times: number): Make {
  return (place) => {
    const counter = `$c${Math.min(place.depth, 9)}`;
    const one = `(local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))`;
    const inner = `(block $b${place.depth} ${body(inside(place))})`;
    return `(local.set ${counter} (i32.const ${times})) (loop $l ${inner} (br_if $l (i32.gt_s ${one} (i32.const 0))))`;
  };
}

const COUNTERS = Array.from({ length: 10 }, (_, i) => `(local $c${i} i32)`).join(' ');

/** XX */
export function programOf(bodies: readonly (readonly Make[])[]): string {
  const functions = bodies.map((body, i) => {
    const last = i === bodies.length - 1;
    const place = { labels: ['$all'], depth: 0, last };
    const text = body
      .map((s) => s(place))
      .join(' ')
      .replaceAll('$next', `$f${i + 1}`);
    return `(func $f${i} (export "f${i}") (param $x i32) (result i32) ${COUNTERS} (block $all ${text}) (local.get $x))`;
  });
  return `(module (memory 1) (tag $e) (func $thrower (throw $e)) ${functions.join('\n')})`;
}

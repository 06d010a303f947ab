import type { WasiContext } from './context.ts';
import { ERRNO, type Errno, Refusal } from './errno.ts';

/**
 * `poll_oneoff`. Descriptors are always ready. When there are only clocks, the program's time moves on to the first
 * that is due and the call returns at once: see `GuestTime`.
 *
 * @throws Refusal FAULT, INVAL for none, too many or of an unknown kind
 */
export function pollOneoff(
  context: WasiContext,
  input: number,
  output: number,
  count: number,
  result: number,
): void {
  const { memory, owner } = context;
  const listed = count >>> 0;
  if (listed === 0 || listed > MAX_SUBSCRIPTIONS) throw new Refusal('INVAL');
  memory.place(result, 4);
  memory.place(output, listed * EVENT_BYTES);
  owner.charge(listed * SUBSCRIPTION_FUEL);
  const { view, at } = memory.place(input, listed * SUBSCRIPTION_BYTES);
  const now = [context.time.realtimeNs(), context.time.monotonicNs()] as const;
  const events: Event[] = [];
  let soonest = FOREVER_NS;
  for (let i = 0; i < listed; i++) {
    const event = readSubscription(context, view, at + i * SUBSCRIPTION_BYTES, now);
    events.push(event);
    if (event.waitNs < soonest) soonest = event.waitNs;
  }
  context.time.skip(soonest);
  const due = events.filter((e) => e.waitNs <= soonest);
  due.forEach((event, i) => {
    writeEvent(context, output + i * EVENT_BYTES, event);
  });
  memory.setU32(result, due.length);
}

interface Event {
  readonly userdata: bigint;
  readonly type: number;
  readonly errno: Errno;
  /** How long until it is due; 0 and less is now. */
  readonly waitNs: bigint;
  /** Bytes to be read without waiting. */
  readonly byteLength: number;
}

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const MAX_SUBSCRIPTIONS = 4096;
const SUBSCRIPTION_FUEL = 300;
const FOREVER_NS = 1n << 64n;

function readSubscription(
  context: WasiContext,
  view: DataView,
  at: number,
  [realtime, monotonic]: readonly [bigint, bigint],
): Event {
  const userdata = view.getBigUint64(at, true);
  const type = view.getUint8(at + 8);
  const event = { userdata, type, errno: ERRNO.SUCCESS, waitNs: 0n, byteLength: 0 };
  if (type === 1 || type === 2)
    return { ...event, ...readiness(context, view.getUint32(at + 16, true), type) };
  if (type !== 0) throw new Refusal('INVAL');
  const clock = view.getUint32(at + 16, true);
  if (clock > 3) return { ...event, errno: ERRNO.INVAL };
  const timeout = view.getBigUint64(at + 24, true);
  const isAbsolute = (view.getUint16(at + 40, true) & 1) !== 0;
  const waitNs = isAbsolute ? timeout - (clock === 0 ? realtime : monotonic) : timeout;
  return { ...event, waitNs: waitNs > 0n ? waitNs : 0n };
}

function readiness(context: WasiContext, fd: number, type: number): Pick<Event, 'errno' | 'byteLength'> {
  try {
    const found = context.descriptors.get(fd);
    const isReading = type === 1;
    if (found.type === 'stdin' && isReading) {
      return { errno: ERRNO.SUCCESS, byteLength: context.io.options.input.byteLength - found.offset };
    }
    const byteLength = found.type === 'file' && isReading ? found.node.byteLength - found.offset : 0;
    return { errno: ERRNO.SUCCESS, byteLength: Math.max(0, byteLength) };
  } catch (error) {
    if (error instanceof Refusal) return { errno: error.errno, byteLength: 0 };
    throw error;
  }
}

function writeEvent({ memory }: WasiContext, pointer: number, event: Event): void {
  const { view, at } = memory.place(pointer, EVENT_BYTES);
  view.setBigUint64(at, event.userdata, true);
  view.setUint16(at + 8, event.errno, true);
  view.setUint8(at + 10, event.type);
  view.setUint8(at + 11, 0);
  view.setUint32(at + 12, 0, true);
  view.setBigUint64(at + 16, BigInt(event.byteLength), true);
  view.setBigUint64(at + 24, 0n, true);
}

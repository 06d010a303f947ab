import assert from 'node:assert/strict';
import { logEvents } from '../../../wasm-core/host/event-log.ts';
import { EventHub } from '../../../wasm-core/host/events.ts';
import type { HostEvent } from '../../../wasm-core/protocol/events.ts';
import { EVENT_TYPES } from '../../../wasm-core/protocol/events.ts';

const MODULE = { uuid: 'u', name: 'upper', namespace: 'default' };
const CALLED: HostEvent = { type: 'called', module: MODULE, function: 'process', ok: true };
const EVICTED: HostEvent = { type: 'evicted', module: MODULE };
const trapped = (message: string): HostEvent => ({ type: 'trapped', module: MODULE, message, kind: 'TRAP' });

describe('the event hub', () => {
  it('hands each listener the types that it wants, all but called unless it says so', () => {
    const hub = new EventHub();
    const seen: string[] = [];
    hub.add((event) => seen.push(`all ${event.type}`));
    hub.add((event) => seen.push(`calls ${event.type}`), ['called']);
    hub.emit(CALLED);
    hub.emit(EVICTED);
    assert.deepEqual(seen, ['calls called', 'all evicted']);
  });

  it('knows which types somebody wants', () => {
    const hub = new EventHub();
    const wanted = (): string[] => EVENT_TYPES.filter((type) => hub.wants(type));
    assert.deepEqual(wanted(), []);
    const listener = (): void => {};
    hub.add(listener, ['called', 'trapped']);
    assert.deepEqual(wanted(), ['called', 'trapped']);
    hub.add(listener, ['evicted']);
    assert.deepEqual(wanted(), ['evicted']);
    hub.remove(listener);
    assert.deepEqual(wanted(), []);
  });
});

describe('the host’s log', () => {
  it('has a line for what comes, goes and traps, and none for the rest', () => {
    const hub = new EventHub();
    const lines: string[] = [];
    logEvents(hub, { info: (line) => void lines.push(line) });
    for (const event of [EVICTED, CALLED, trapped('boom\n2026 error')]) hub.emit(event);
    assert.deepEqual(lines, [
      'Evicted upper (u) of default',
      'Trapped upper (u) of default: TRAP: boom 2026 error',
    ]);
    assert.equal(hub.wants('called'), false);
  });

  it('has sixty traps a minute, and then how many more there were', () => {
    const hub = new EventHub();
    const lines: string[] = [];
    let now = 0;
    logEvents(hub, { info: (line) => void lines.push(line) }, () => now);
    for (let i = 0; i < 100; i++) hub.emit(trapped('x'));
    assert.equal(lines.length, 60);
    now = 60_000;
    hub.emit(trapped('y'));
    assert.deepEqual(lines.slice(60), ['40 more runs trapped', 'Trapped upper (u) of default: TRAP: y']);
  });
});

import assert from 'node:assert/strict';
import { decideLock } from '../../../client/lock/lock-decision.ts';

const DIGEST = 'a'.repeat(64);
const locked = { digest: DIGEST, needs: ['clock'], granted: ['clock'] } as const;
const changed = { asks: ['clock'], needs: ['clock'], locked } as const;

describe('the lock file in the editor', () => {
  it('asks nothing of a plugin that gets nothing, or just what was allowed', () => {
    assert.equal(decideLock({ asks: [], needs: ['clock'] }, { exists: true, isOwnEdit: false }), 'nothing');
  });

  it('asks about what is new, and about what others changed', () => {
    const others = { exists: true, isOwnEdit: false };
    assert.equal(decideLock({ asks: ['clock'], needs: ['clock'] }, others), 'ask');
    assert.equal(decideLock(changed, others), 'ask');
    assert.equal(decideLock({ asks: ['clock'], needs: ['clock'] }, { ...others, exists: false }), 'ask');
  });

  it('follows what one edits, as long as it gets no more than was allowed', () => {
    const own = { exists: true, isOwnEdit: true };
    assert.equal(decideLock(changed, own), 'follow');
    assert.equal(
      decideLock({ ...changed, asks: ['clock', 'random'], needs: ['clock', 'random'] }, own),
      'ask',
    );
    assert.equal(decideLock({ ...changed, needs: ['clock', 'state'] }, own), 'ask');
    assert.equal(decideLock({ asks: ['clock'], needs: ['clock'] }, own), 'ask');
  });
});

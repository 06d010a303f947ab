import assert from 'node:assert/strict';
import { inZone } from '../../../wasm-core/host/tests/zoned-values.ts';

describe('instants in tests', () => {
  const check = (text: string, zone: string, expected: string): void =>
    assert.equal(inZone(text, zone), expected);

  it('stand on the clock of the time zone, in summer and winter', () => {
    check('2021-12-02 13:54:48+00', 'America/Los_Angeles', '2021-12-02 05:54:48-08');
    check('2020-07-01 07:00:00.5+00', 'America/Los_Angeles', '2020-07-01 00:00:00.5-07');
    check('2021-12-31 20:00:00+00', 'Asia/Kathmandu', '2022-01-01 01:45:00+05:45');
  });

  it('stand on the local clock of before standard time, also before Christ', () => {
    check('1001-03-15 (BC) 20:38:40+00', 'America/Los_Angeles', '1001-03-15 (BC) 12:45:42-07:52');
  });

  it('are found in lists and structs', () => {
    check("{'a': [NULL, 2020-01-01 00:00:00+00]}", 'Asia/Tokyo', "{'a': [NULL, 2020-01-01 09:00:00+09]}");
  });

  it('stand on it in years that only DuckDB has', () => {
    check('294247-01-10 04:00:54.774999+00', 'America/Los_Angeles', '294247-01-09 20:00:54.774999-08');
    check('290309-12-22 (BC) 00:00:00+00', 'America/Los_Angeles', '290309-12-21 (BC) 16:07:02-07:52');
  });

  it('stay as they are without an offset, and in a zone that nobody knows', () => {
    check('infinity', 'Asia/Tokyo', 'infinity');
    check('2020-01-01 00:00:00+00', 'Mars/Phobos', '2020-01-01 00:00:00+00');
  });
});

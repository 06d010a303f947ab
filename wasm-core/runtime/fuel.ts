import { CONTROL } from '../binary/control-functions.ts';

/*
 * Fuel as the rewritten module counts it (docs/metering.md): a 32-bit counter that may go below zero until the next
 * check, and a reserve of further chunks of 2^30.
 */

/** The type of that export: an operation and two numbers. */
export type Control = (operation: number, a: number, b: number) => number;

/** What `fuel` stands for when a run has no limit of its own: more than any deadline lets it use. */
export const UNLIMITED_FUEL = Number.MAX_SAFE_INTEGER;

const CHUNK = 2 ** 30;

/** Gives a rewritten module its fuel, 0 to 2^53 - 1. */
export function giveFuel(control: Control, fuel: number): void {
  const reserve = Math.floor(fuel / CHUNK);
  control(CONTROL.setFuel, fuel - reserve * CHUNK, reserve);
}

/**
 * What is left. Below zero when the run went past its fuel between two checks, or was stopped by one.
 */
export function remainingFuel(control: Control): number {
  const counter = control(CONTROL.counter, 0, 0);
  const reserve = control(CONTROL.reserve, 0, 0);
  return leftOf(counter, reserve);
}

/** What a counter and a reserve say that is left, as `remainingFuel` gives it. */
export function leftOf(counter: number, reserve: number): number {
  // The mark of a stopped run.
  if (reserve < 0) return -1;
  return reserve === 0 ? counter : counter + reserve * CHUNK;
}

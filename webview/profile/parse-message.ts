import type {
  CallProfile,
  FunctionProfile,
  ModuleProfile,
  ProfileResult,
} from '../../wasm-core/protocol/profile.ts';
import type { ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a message that arrived in the profile page.
 *
 * @returns undefined for anything that the extension does not send
 */
export function parseProfileMessage(value: unknown): ToProfilePage | undefined {
  if (!isObject(value)) return undefined;
  const { type, title, percent, message, profile } = value;
  switch (type) {
    case 'running':
      return typeof title === 'string' ? { type, title } : undefined;
    case 'progress':
      return typeof percent === 'number' ? { type, percent } : undefined;
    case 'failed':
      return typeof message === 'string' ? { type, message } : undefined;
    case 'cancelled':
      return { type };
    case 'profile':
      return typeof title === 'string' && isProfile(profile) ? { type, title, profile } : undefined;
    default:
      return undefined;
  }
}

function isProfile(value: unknown): value is ProfileResult {
  return isObject(value) && isCount(value.fuel) && isListOf(value.modules, isModule);
}

function isModule(value: unknown): value is ModuleProfile {
  if (!isObject(value) || typeof value.module !== 'string' || !isCount(value.fuel)) return false;
  if (!isListOf(value.functions, isFunction) || !isListOf(value.calls, isCall)) return false;
  // A parent stands before its children, or following them would never end.
  return value.calls.every(({ parent }, index) => parent < index);
}

function isFunction(value: unknown): value is FunctionProfile {
  if (!isObject(value) || typeof value.name !== 'string') return false;
  const { index, calls, selfFuel, totalFuel, executedBytes, reachableBytes, place } = value;
  const counts = [index, calls, selfFuel, totalFuel, executedBytes, reachableBytes];
  return (
    counts.every(isCount) && (place === undefined || (isObject(place) && typeof place.file === 'string'))
  );
}

function isCall(value: unknown): value is CallProfile {
  if (!isObject(value)) return false;
  const { function: index, parent, calls, selfFuel } = value;
  return [index, parent].every(Number.isSafeInteger) && [calls, selfFuel].every(isCount);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

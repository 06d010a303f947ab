import type { ProfileResult } from './profile.ts';

/*
 * Messages between the extension and the page that shows a profile. A page may ask only for what `FromProfilePage` lists.
 */

/** From the extension to the profile page. */
export type ToProfilePage =
  /** Sent when a run starts that is profiled: the page shows what runs and a way to cancel. */
  | { readonly type: 'running'; readonly title: string }
  /** Sent while it runs, at most ten times a second; -1 when the engine cannot tell. */
  | { readonly type: 'progress'; readonly percent: number }
  /** Sent when it ends well, without lines and ranges, which sources show. */
  | { readonly type: 'profile'; readonly title: string; readonly profile: ProfileResult }
  /** Sent when it fails. */
  | { readonly type: 'failed'; readonly message: string }
  /** Sent when it was cancelled. */
  | { readonly type: 'cancelled' };

/** From the profile page to the extension. */
export type FromProfilePage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when the user presses Cancel. */
  | { readonly type: 'cancel' }
  /** Sent when the user asks for a function's source: a module's place in `modules`, and the function's index. */
  | { readonly type: 'reveal'; readonly module: number; readonly function: number };

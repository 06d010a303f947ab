/** `progress`: sent to the client whose `sql/run` is under way, at most ten times a second. */
export interface ProgressParams {
  readonly id: number | string;
  /** 0 to 100, or -1 when the engine cannot tell. */
  readonly percent: number;
  /** How far a file on a network is, such as `12 of 40 MB from data.example.org`; absent while none is fetched. */
  readonly message?: string;
}

/** `$/cancelRequest`: a notification from a client; the request named is answered with CANCELLED. */
export interface CancelRequestParams {
  readonly id: number | string;
}

/**
 * Returns the delay in milliseconds before attempt 0, 1, …; jitter, 0 to 1, is
 * the share by which it may differ. The cap comes last.
 */
export declare function backoff(attempt: number, min: number, max: number, jitter: number): number;

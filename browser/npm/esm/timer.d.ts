export interface TimerOptions {
    /** Uses the timer functions as they were when the client was loaded, also when tests have since replaced them. Default false. */
    useNativeTimers: boolean;
    /** Node: lets the process end although a connection lasts. Default false. */
    autoUnref: boolean;
}
/** Calls fn after so many milliseconds. Returns a function that prevents it. */
export declare function timer({ useNativeTimers, autoUnref }: Partial<TimerOptions>, fn: () => void, ms?: number): () => void;

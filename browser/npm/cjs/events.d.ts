/** Says which events there are: the type of each one's listener, by name. */
export interface EventsMap {
    [event: string]: any;
}
/** Any event, with any arguments. */
export interface DefaultEventsMap {
    [event: string]: (...args: any[]) => void;
}
export type Listener = (...args: any[]) => void;
/** The names in a map. */
export type EventNames<Map extends EventsMap> = keyof Map & (string | number);
/** The arguments of an event. */
export type EventParams<Map extends EventsMap, Ev extends EventNames<Map>> = Parameters<Map[Ev]>;
/** The listener of an event: of one of the library's own, or of the application's. */
export type EventListener<Own extends EventsMap, Reserved extends EventsMap, Ev> = Untyped<Ev extends keyof Reserved ? Reserved[Ev] : Ev extends keyof Own ? Own[Ev] : never>;
type Untyped<T> = [T] extends [never] ? Listener : T;
/** The events of which each acknowledgement gets an error before its arguments. */
export type DecorateAcknowledgements<E> = {
    [Ev in keyof E]: E[Ev] extends (...args: infer Params) => infer Result ? (...args: WithError<Params>) => Result : E[Ev];
};
type WithError<Params extends any[]> = {
    [K in keyof Params]: Params[K] extends (...args: infer Answer) => infer Result ? (error: Error, ...args: Answer) => Result : Params[K];
};
export type Last<T extends any[]> = T extends [...any[], infer L] ? L : any;
export type AllButLast<T extends any[]> = T extends [...infer Rest, any] ? Rest : any[];
/** What a promise of an acknowledgement resolves to: its first argument, but for an error. */
export type Answered<Ack> = Ack extends (...args: infer Params) => any ? (Params[0] extends Error ? Params[1] : Params[0]) : any;
export {};

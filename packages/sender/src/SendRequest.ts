// A request for a transaction that is mined once, and its form as an event.
export * from './request/SendRequest.js'
export { fromEvent, type Limits, names } from './wire/sendEvent.js'

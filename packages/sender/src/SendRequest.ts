// What a caller wants to be mined once, and how an event says it.
export * from './request/SendRequest.js'
export { fromEvent, type Limits, names } from './wire/sendEvent.js'

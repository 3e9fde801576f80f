export * from './errors.js'
export type { Halt } from './halt.js'
export {
  type Charge,
  type Length,
  maxAmount,
  type Scope,
  type Window,
} from './Window.js'
export { WindowExceededError } from './WindowExceededError.js'
export type {
  Known,
  Reservation,
  ReserveParameters,
  Shortfall,
  Spending,
  Windows,
} from './Windows.js'

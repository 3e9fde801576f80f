export { maxAmount } from '../policy/maxAmount.js'
export type { Length } from '../policy/Policy.js'
export * from './errors.js'
export type { Halt } from './halt.js'
export type {
  Charge,
  Scope,
  Window,
} from './Window.js'
export { WindowExceededError } from './WindowExceededError.js'
export type {
  Known,
  Reservation,
  ReserveParameters,
  SendingWindows,
  Shortfall,
  SigningWindows,
  Spending,
  Windows,
} from './Windows.js'

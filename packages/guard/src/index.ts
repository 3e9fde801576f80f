export type { Action, Flow } from './actions/Action.js'
export * as Danger from './actions/Danger.js'
export type { Charge } from './evaluate/chargesOf.js'
export type { Decision, Reason, Reservation } from './evaluate/Decision.js'
export { evaluate } from './evaluate/evaluate.js'
export { formatDecimal, formatLimit, formatWindow } from './evaluate/format.js'
export type {
  Facts,
  Spent,
  Subject,
  WindowScope,
} from './evaluate/Question.js'
export { assertCounted, WindowsNotCountedError } from './gate/assertCounted.js'
export {
  type AuthorizeOptions,
  createAuthorize,
} from './gate/createAuthorize.js'
export {
  createGuard,
  createSendingGuard,
  createSigningGuard,
  type GuardOptions,
} from './gate/createGuard.js'
export { explainDenial } from './gate/explainDenial.js'
export type {
  Guard,
  Known,
  Named,
  SendingGuard,
  Signed,
  SigningGuard,
  Verdict,
} from './gate/Guard.js'
export type { Policy, Rule, Window } from './policy/Policy.js'
export { PolicySyntaxError } from './policy/PolicySyntaxError.js'
export { parse as parsePolicy } from './policy/parse/parsePolicy.js'
export { type AskedQuestion, readQuestion } from './wire/readQuestion.js'
export { type Answer, toAnswer } from './wire/toAnswer.js'

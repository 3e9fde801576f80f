export {
  type AccountOptions,
  DigestNotAllowedError,
  type KeywardAccount,
  toAccount,
} from './toAccount.js'

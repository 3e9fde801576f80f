export { type KeywardAccount, toAccount } from './toAccount.js'

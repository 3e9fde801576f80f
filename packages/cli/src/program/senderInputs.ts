import { defaulting, number, required, text } from './Input.js'
import { stack, urls } from './inputs.js'

export const permissions = `
With a stack, calls lambda:InvokeFunction on <stack>-sender, or on the caller's
alias of it. With --ledger, calls kms:Sign and kms:GetPublicKey on the key, and
GetItem, BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy
must let you write (keyward ledger protect), and GetResourcePolicy if allowed.`

/** The sender whose ledger to use. */
export const ledgerInputs = {
  stack,
  ledger: text('--ledger <table>', 'send without Lambda, with this table'),
  key: text(
    '--key <id>',
    'with --ledger: the key (default: AWS_KMS_KEY_ID); pkcs11:object=LABEL for one on the token that PKCS11_LIBRARY and PKCS11_TOKEN_LABEL name',
  ),
  network: text(
    '--network <name>',
    'the chain (default: ETH_NETWORK); refused if the stack is on another',
  ),
  urls,
}

/** The sender, and the caller whose transactions to show. */
export const senderInputs = {
  ...ledgerInputs,
  caller: text('--caller <alias>', 'your alias of the sender'),
}

/** The inputs that the commands for one transaction share. */
export const transactionInputs = {
  transaction: required(text('<transaction>', 'its id or idempotency key')),
  ...senderInputs,
}

export const timeout = defaulting(
  number('--timeout <s>', 'seconds to wait for the block', {
    min: 1,
    max: 86_400,
  }),
  120,
)

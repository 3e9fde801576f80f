import { defaulting, number, required, text } from './Input.js'
import { stack, urls } from './inputs.js'

export const permissions = `
By a stack's sender: lambda:InvokeFunction on <stack>-sender, or on the caller's
alias of it. With --ledger: kms:Sign and kms:GetPublicKey on the key; GetItem,
BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy must let
you write (keyward ledger protect); GetResourcePolicy if you may.`

/** Which sender's ledger is meant. */
export const ledgerInputs = {
  stack,
  ledger: text(
    '--ledger <table>',
    'send from here, without Lambda, on this table',
  ),
  key: text('--key <id>', 'with --ledger: the key (else AWS_KMS_KEY_ID)'),
  network: text(
    '--network <name>',
    'the chain (else ETH_NETWORK); a stack must be on it',
  ),
  urls,
}

/** Which sender is meant, and whose transactions. */
export const senderInputs = {
  ...ledgerInputs,
  caller: text('--caller <alias>', 'alias of the sender that is yours'),
}

/** What the commands for one transaction share. */
export const transactionInputs = {
  transaction: required(
    text('<transaction>', 'its id, or its idempotency key'),
  ),
  ...senderInputs,
}

export const timeout = defaulting(
  number('--timeout <s>', 'seconds to wait for the block', {
    min: 1,
    max: 86_400,
  }),
  120,
)

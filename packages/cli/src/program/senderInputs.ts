import { defaulting, number, required, text } from './Input.js'
import { stack, urls } from './inputs.js'

export const permissions = `
With a stack, calls lambda:InvokeFunction on <stack>-sender, or on the caller's
alias of it. With --ledger, calls kms:Sign and kms:GetPublicKey on the key, and
GetItem, BatchGetItem, PutItem, UpdateItem, Query and, if allowed,
GetResourcePolicy on the table. The table's policy must let you write (keyward
ledger protect).`

/** The sender whose ledger to use. */
export const ledgerInputs = {
  stack,
  ledger: text(
    '--ledger <table>',
    'work without Lambda, with this table as the ledger',
  ),
  key: text(
    '--key <id>',
    'with --ledger: the key (default: AWS_KMS_KEY_ID), or pkcs11:object=LABEL for a key on the token that PKCS11_LIBRARY and PKCS11_TOKEN_LABEL specify',
  ),
  network: text(
    '--network <name>',
    'the chain (default: ETH_NETWORK); refused if the stack uses another chain',
  ),
  urls,
}

/** The sender, and the caller whose transactions to show. */
export const senderInputs = {
  ...ledgerInputs,
  caller: text('--caller <alias>', 'your alias of the sender function'),
}

/** The inputs that the commands for a single transaction share. */
export const transactionInputs = {
  transaction: required(text('<transaction>', 'id or idempotency key')),
  ...senderInputs,
}

export const timeout = defaulting(
  number(
    '--timeout <s>',
    'how many seconds to wait for the transaction to be mined',
    {
      min: 1,
      max: 86_400,
    },
  ),
  120,
)

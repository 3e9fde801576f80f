import type { Command } from 'commander'
import { numberOption } from './numberOption.js'

export const permissions = `
By a stack's sender: lambda:InvokeFunction on <stack>-sender, or on the caller's
alias of it. With --ledger: kms:Sign and kms:GetPublicKey on the key; GetItem,
BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy must let
you write (keyward ledger protect); GetResourcePolicy if you may.`

/** Which sender is meant, and whose transactions. */
export function addSenderOptions(command: Command): Command {
  return addLedgerOptions(command).option(
    '--caller <alias>',
    'alias of the sender that is yours',
  )
}

/** Which sender's ledger is meant. */
export function addLedgerOptions(command: Command): Command {
  return command
    .option(
      '--stack <name>',
      'whose sender (default: keyward; in the local home keyward-dev)',
    )
    .option('--ledger <table>', 'send from here, without Lambda, on this table')
    .option('--key <id>', 'with --ledger: the key (else AWS_KMS_KEY_ID)')
    .option(
      '--network <name>',
      'the chain (else ETH_NETWORK); a stack must be on it',
    )
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option('--json', 'print one line of JSON')
}

/** For an account that has sent before, on a table that knows nothing of it. */
export function addNewLedgerOption(command: Command): Command {
  return command.option(
    '--new-ledger [count]',
    'with --ledger: it begins here; what was sent before is not known to it',
  )
}

export const timeout = () =>
  numberOption('--timeout <s>', 'seconds to wait for the block', {
    min: 1,
    max: 86_400,
    integer: true,
  }).default(120)

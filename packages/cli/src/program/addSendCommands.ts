import type { Command } from 'commander'
import { addRepairCommands } from './addRepairCommands.js'
import { numberOption } from './numberOption.js'
import { examples, type Setup } from './Setup.js'
import {
  addNewLedgerOption,
  addSenderOptions,
  permissions,
  timeout,
} from './senderOptions.js'
import { usageError } from './usageError.js'

type Json = { json?: true }

export function addSendCommands(program: Command, setup: Setup): void {
  const { terminal, finish } = setup
  addNewLedgerOption(
    addSenderOptions(
      program
        .command('send')
        .description('send a transaction once, and wait until it is mined'),
    ),
  )
    .option('--to <address>', 'who gets it')
    .option('--amount <ether>', "of the chain's own currency, such as 0.1")
    .option('--value-wei <wei>', 'in its place')
    .option(
      '--data <hex>',
      'call data; without --to, code that creates a contract',
    )
    .option('--gas <limit>', 'gas limit (default: estimated, with a margin)')
    .option('--speed <speed>', 'slow, normal or fast (default: normal)')
    .option('--max-fee <wei>', 'most that a unit of gas may cost')
    .option('--max-priority-fee <wei>', 'most of it for the block producer')
    .option('--exact-fee', 'pay --max-fee exactly: the tip takes what is left')
    .option('--valid-until <time>', 'nothing is signed after it (UTC)')
    .option('--idempotency-key <key>', 'the same key sends once (default: new)')
    .option(
      '--not-a-repeat',
      'send it although keyward tx repair found one that does the same',
    )
    .option('--no-wait', "don't wait for the block")
    .addOption(timeout())
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `\nExit 0: mined and succeeded; 1: it ended otherwise; 3: still on its way.
${permissions}${examples(
  'keyward send --to 0x7099…79C8 --amount 0.1',
  'keyward send --stack treasury --caller payouts --to 0x7099…79C8 --amount 0.1 --idempotency-key order-17',
  'keyward send --ledger my-ledger --key alias/mine --network sepolia --to 0x7099…79C8 --amount 0.1',
)}`,
    )
    .action(async (options) => {
      if (options.to === undefined && options.data === undefined)
        usageError(
          terminal,
          'give --to with an address, or --data alone to create a contract.',
        )
      const { send } = await import('../commands/send.js')
      const result = await send(terminal, {
        ...options,
        dryRun: options.dryRun === true,
        yes: options.yes === true,
      })
      await finish(result, options)
    })

  const tx = program
    .command('tx')
    .description(
      'look at, speed up and cancel what was sent; repair the ledger',
    )
  tx.addHelpText(
    'after',
    examples('keyward tx list', 'keyward tx watch order-17'),
  )
  const one = (name: string, description: string) =>
    addSenderOptions(
      tx
        .command(name)
        .description(description)
        .argument('<transaction>', 'its id, or its idempotency key'),
    )

  addSenderOptions(tx.command('list').description('yours, newest first'))
    .addOption(
      numberOption('--limit <n>', 'how many (default: 20)', {
        min: 1,
        max: 100,
        integer: true,
      }),
    )
    .option('--after <next>', 'where the page before ended')
    .option('--status <status>', 'only these, such as sent or mined')
    .addHelpText(
      'after',
      `${permissions}${examples('keyward tx list', 'keyward tx list --status sent --json')}`,
    )
    .action(async (options) => {
      const { txList } = await import('../commands/tx.js')
      await finish(await txList(terminal, options), options)
    })

  one('show', 'all that is known of it')
    .addHelpText('after', examples('keyward tx show order-17'))
    .action(async (reference: string, options: Json) => {
      const { txShow } = await import('../commands/tx.js')
      await finish(await txShow(terminal, { ...options, reference }), options)
    })

  one('watch', 'wait until it is mined or has ended')
    .addOption(timeout())
    .addHelpText('after', examples('keyward tx watch order-17 --timeout 600'))
    .action(async (reference: string, options) => {
      const { txWatch } = await import('../commands/tx.js')
      await finish(await txWatch(terminal, { ...options, reference }), options)
    })

  one('speed-up', 'replace it by the same at higher fees')
    .option('--speed <speed>', 'slow, normal or fast (default: fast)')
    .option('--max-fee <wei>', 'most that a unit of gas may cost')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText('after', examples('keyward tx speed-up order-17'))
    .action(async (reference: string, options) => {
      const { txSpeedUp } = await import('../commands/tx.js')
      const yes = options.yes === true
      const result = await txSpeedUp(terminal, { ...options, reference, yes })
      await finish(result, options)
    })

  one('cancel', 'stop it; what is signed is replaced by nothing')
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText('after', examples('keyward tx cancel order-17'))
    .action(async (reference: string, options) => {
      const { txCancel } = await import('../commands/tx.js')
      const yes = options.yes === true
      const result = await txCancel(terminal, { ...options, reference, yes })
      await finish(result, options)
    })

  addSenderOptions(
    tx
      .command('reconcile')
      .description('bring all that is not ended forward, once'),
  )
    .option('-y, --yes', "don't ask before, in AWS")
    .addHelpText(
      'after',
      `
What a stack's reconciler does each minute, for everybody's transactions of the
key; a ledger without a stack needs it from you, or from createReconciler.

Exit 0: done; 3: something needs somebody.

By a stack: lambda:InvokeFunction on <stack>-reconciler. With --ledger as send.${examples(
        'keyward tx reconcile',
        'keyward tx reconcile --ledger my-ledger --key alias/mine --network sepolia',
      )}`,
    )
    .action(async (options) => {
      const { txReconcile } = await import('../commands/txReconcile.js')
      const yes = options.yes === true
      await finish(await txReconcile(terminal, { ...options, yes }), options)
    })

  addRepairCommands(tx, setup)

  program
    .command('balance')
    .description('what an account has on a chain: currency and tokens')
    .argument('[address]', "the account (default: the key's)")
    .option('--key <id>', 'its key (else AWS_KMS_KEY_ID)')
    .option('--network <name>', "the chain (else ETH_NETWORK, else the node's)")
    .option('--token <address...>', 'tokens to ask for beside the usual ones')
    .option('--rpc-url <url>', 'node to ask (else RPC_URL, ETH_RPC_URL)')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nWith a key, calls kms:GetPublicKey.${examples(
        'keyward balance',
        'keyward balance 0x7099…79C8 --rpc-url https://rpc.example.org',
      )}`,
    )
    .action(async (address: string | undefined, options) => {
      const { balance } = await import('../commands/balance.js')
      await finish(
        await balance(terminal, { ...options, ...(address && { address }) }),
        options,
      )
    })

  program
    .command('doctor')
    .description('look at all that sending needs, and say what to do')
    .option(
      '--stack <name>',
      'which (default: keyward; in the local home keyward-dev)',
    )
    .option('--caller <alias>', 'alias of the sender that is yours')
    .option('--rpc-url <url>', 'your node (else RPC_URL, ETH_RPC_URL)')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nExit 0: all is well; 1: something needs somebody. Changes nothing. Calls what
keyward status does, lambda:InvokeFunction on <stack>-sender, and of the ledger
dynamodb:DescribeTable, GetResourcePolicy, DescribeContinuousBackups.${examples(
        'keyward doctor',
        'keyward doctor --stack treasury --caller payouts --json',
      )}`,
    )
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.js')
      await finish(await doctor(terminal, options), options)
    })
}

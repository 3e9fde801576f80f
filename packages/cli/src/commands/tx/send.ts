import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { dryRun, newLedger, yes } from '../../program/inputs.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'
import { usageError } from '../../program/usageError.js'

export const sendCommand = define(
  'send',
  'send a transaction once, and wait until it is mined',
  {
    takes: {
      ...senderInputs,
      newLedger,
      to: text('--to <address>', 'the receiver'),
      amount: text(
        '--amount <ether>',
        "amount of the chain's own currency, such as 0.1",
      ),
      valueWei: text('--value-wei <wei>', 'the same in wei'),
      data: text(
        '--data <hex>',
        'call data; without --to, code that creates a contract',
      ),
      gas: text(
        '--gas <limit>',
        'gas limit (default: estimated, with a margin)',
      ),
      speed: text('--speed <speed>', 'slow, normal or fast (default: normal)'),
      maxFee: text('--max-fee <wei>', 'most that a unit of gas may cost'),
      maxPriorityFee: text(
        '--max-priority-fee <wei>',
        'most of it for the block producer',
      ),
      exactFee: toggle(
        '--exact-fee',
        'pay exactly --max-fee: the rest goes to the tip',
      ),
      validUntil: text(
        '--valid-until <time>',
        'sign nothing after this time (UTC)',
      ),
      idempotencyKey: text(
        '--idempotency-key <key>',
        'requests with the same key are sent once (default: a new key)',
      ),
      notARepeat: toggle(
        '--not-a-repeat',
        'send it although keyward tx repair found one that does the same',
      ),
      wait: toggle('--no-wait', "don't wait for the block"),
      timeout,
      dryRun,
      yes,
    },
    help: `Exit 0: mined and succeeded; 1: it ended otherwise; 3: still on its way.
${permissions}`,
    examples: [
      'keyward send --to 0x7099…79C8 --amount 0.1',
      'keyward send --stack treasury --caller payouts --to 0x7099…79C8 --amount 0.1 --idempotency-key order-17',
      'keyward send --ledger my-ledger --key alias/mine --network sepolia --to 0x7099…79C8 --amount 0.1',
    ],
    async run(terminal, options) {
      if (options.to === undefined && options.data === undefined)
        usageError(
          terminal,
          'give --to with an address, or --data alone to create a contract.',
        )
      const { sendTransaction } = await import('./sendTransaction.js')
      return sendTransaction(terminal, options)
    },
  },
)

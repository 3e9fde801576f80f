import { usageError } from '@keyward/toolkit'
import type { SendOptions } from '@keyward/toolkit/send'
import { define } from '../../program/define.js'
import {
  maxFeePerGas,
  oldMaxFee,
  oldMaxPriorityFee,
} from '../../program/feeInputs.js'
import { list, text, toggle } from '../../program/Input.js'
import { dryRun, newLedger, yes } from '../../program/inputs.js'
import { parseEtherText, parseWeiText } from '../../program/parsers.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'

export const sendCommand = define('send', {
  description: 'send a transaction once, and wait until it is mined',
  takes: {
    ...senderInputs,
    newLedger,
    to: text('--to <address>', "the recipient's or the contract's address"),
    amount: text(
      '--amount <ether>',
      "amount of the chain's own currency, such as 0.1, or of --token",
      parseEtherText,
    ),
    token: text(
      '--token <token>',
      'send this token: its symbol, such as USDC, or its address',
    ),
    call: list(
      '--call <function...>',
      'call a function of the contract --to, such as "transfer(address,uint256)", with its arguments',
    ),
    valueWei: text('--value-wei <wei>', 'amount in wei, instead of --amount'),
    data: text('--data <hex>', 'call data; without --to, creation code'),
    gas: text('--gas <limit>', 'gas limit (default: estimated, with a margin)'),
    speed: text('--speed <speed>', 'slow, normal or fast (default: normal)'),
    maxFeePerGas,
    oldMaxFee,
    maxPriorityFeePerGas: text(
      '--max-priority-fee-per-gas <wei>',
      'the highest tip per unit of gas for the block producer',
      parseWeiText,
    ),
    oldMaxPriorityFee,
    exactFee: toggle(
      '--exact-fee',
      'pay exactly --max-fee-per-gas; the part above the base fee is the tip',
    ),
    validUntil: text(
      '--valid-until <time>',
      'sign nothing after this time (UTC)',
    ),
    idempotencyKey: text(
      '--idempotency-key <key>',
      'requests with the same key are sent only once (default: a new key)',
    ),
    notARepeat: toggle(
      '--not-a-repeat',
      'send even if keyward tx repair found a transaction that does the same',
    ),
    wait: toggle('--no-wait', "don't wait for the transaction to be mined"),
    timeout,
    dryRun,
    yes,
  },
  help:
    'Exit code 0: mined and succeeded; 1: ended in any other way; 3: still ' +
    'pending.\n' +
    `${permissions}`,
  examples: [
    'keyward send --to 0x7099…79C8 --amount 0.1',
    'keyward send --stack treasury --caller payouts --to 0x7099…79C8 --amount 0.1 --idempotency-key order-17',
    'keyward send --to 0x7099…79C8 --token USDC --amount 12.5',
    'keyward send --to 0x5FbD…0aa3 --call "approve(address,uint256)" 0x7099…79C8 12500000',
    'keyward send --ledger my-ledger --key alias/mine --network sepolia --to 0x7099…79C8 --amount 0.1',
  ],
  async run(terminal, options) {
    assertOneKind(options)
    if (options.to === undefined && options.data === undefined)
      usageError(
        'pass --to with an address, or only --data to create a contract.',
      )
    const { sendTransaction } = await import('@keyward/toolkit/send')
    const sent = await sendTransaction(terminal, options)
    const { sentResult } = await import('./sentResult.js')
    return sentResult(terminal, sent, options)
  },
})

/** Refuses combinations of flags that would be ambiguous. */
function assertOneKind({
  to,
  token,
  call,
  data,
  valueWei,
}: Pick<SendOptions, 'to' | 'token' | 'call' | 'data' | 'valueWei'>): void {
  const given = [
    ...(token === undefined ? [] : ['--token']),
    ...(call.length === 0 ? [] : ['--call']),
    ...(data === undefined ? [] : ['--data']),
  ]
  if (given.length > 1)
    usageError(
      `${given.join(' and ')} can't be used together: pass only one of them.`,
    )
  if (given.length === 1 && to === undefined && data === undefined)
    usageError(`${given[0]} needs --to.`)
  if (token !== undefined && valueWei !== undefined)
    usageError(
      "--token can't be used with --value-wei: pass --amount, in units of the token.",
    )
}

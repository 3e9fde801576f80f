import { expect, test } from 'vitest'
import { RpcRefusedError, RpcTimeoutError } from '../rpc/errors.js'
import { classify } from './SendFailure.js'

// Texts as the nodes' sources have them.
test.each([
  ['already-known', 'already known'],
  ['already-known', 'AlreadyKnown'],
  ['already-known', 'known transaction: 5b2c'],
  ['already-known', 'Known transaction'],
  ['already-known', 'transaction already imported'],
  ['already-known', 'ALREADY_EXISTS: already known'],
  ['nonce-too-low', 'nonce too low: next nonce 5, tx nonce 3'],
  ['nonce-too-low', 'OldNonce, Current nonce: 5, nonce of rejected tx: 3'],
  ['nonce-too-low', 'Nonce too low'],
  [
    'nonce-too-low',
    'Transaction nonce is too low. Try incrementing the nonce.',
  ],
  ['replacement-underpriced', 'replacement transaction underpriced'],
  ['replacement-underpriced', 'Replacement transaction underpriced'],
  ['fee-too-low', 'transaction underpriced: tip needed 1, tip permitted 0'],
  ['fee-too-low', 'max fee per gas less than block base fee: address 0x1'],
  ['fee-too-low', 'FeeTooLow, MaxFeePerGas too low'],
  ['fee-too-low', 'Gas price below configured minimum gas price'],
  [
    'insufficient-funds',
    'insufficient funds for gas * price + value: balance 0',
  ],
  ['insufficient-funds', 'InsufficientFunds, Account balance: 0'],
  ['insufficient-funds', 'Upfront cost exceeds account balance'],
  ['insufficient-funds', "Sender doesn't have enough funds to send tx"],
  ['replacement-underpriced', 'ReplacementNotAllowed, Existing transaction'],
  ['replacement-underpriced', 'could not replace existing tx'],
  [
    'replacement-underpriced',
    'Transaction gas price is too low. There is another transaction with same nonce in the queue.',
  ],
  [
    'fee-too-low',
    'Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 875000000',
  ],
  ['fee-too-low', 'transaction underpriced: gas tip cap 1, minimum needed 25'],
  ['fee-too-low', 'FeeTooLowToCompete'],
  ['insufficient-funds', 'Not enough balance to cover the fee + value'],
  [
    'insufficient-funds',
    'insufficient funds for gas * price + value + l1 cost: have 1 want 2',
  ],
  ['other', 'unknown transaction type'],
  ['other', 'Unknown transaction'],
  ['other', 'Nonce too high. Expected nonce to be 5 but got 7.'],
  ['other', 'txpool is full'],
  ['never', 'intrinsic gas too low'],
  ['never', 'intrinsic gas too high -- CallerGasLimitMoreThanBlock'],
  ['never', 'exceeds block gas limit'],
  ['never', 'transaction gas limit too high (cap: 16777216, tx: 20000000)'],
  ['never', 'GasLimitExceeded, Gas limit: 1, gas limit of rejected tx: 2'],
  ['never', 'Transaction gas limit exceeds block gas limit'],
  ['never', 'tx fee (1.20 ether) exceeds the configured cap (1.00 ether)'],
  ['never', 'transaction type not supported'],
  ['other', 'exceeds the limit of requests'],
])('%s: %s', (expected, message) => {
  const error = new RpcRefusedError('https://x', 'eth_sendRawTransaction', {
    code: -32000,
    message,
    data: undefined,
  })
  expect(classify(error)).toBe(expected)
})

test('no answer is no refusal', () => {
  expect(classify(new RpcTimeoutError('https://x', 5))).toBe(undefined)
})

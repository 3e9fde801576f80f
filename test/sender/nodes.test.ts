import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Rpc,
  RpcHttpError,
  RpcRefusedError,
} from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// What other nodes than ours answer.

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

/** anvil, with other answers to some methods. */
const withAnswers = (answers: Record<string, () => unknown>): Rpc => ({
  ...home.rpc,
  request: async (method, ...rest) =>
    answers[method]?.() ?? home.rpc.request(method, ...rest),
})
const refuse = (code: number, message: string, data?: `0x${string}`) => () => {
  throw new RpcRefusedError('https://x', 'm', { code, message, data })
}

describe('a call that would fail is refused, and nothing is accepted', () => {
  test.each([
    ['geth', 3, 'execution reverted: no'],
    ['geth, gas', -32000, 'gas required exceeds allowance (21000)'],
    ['Nethermind', -32015, 'VM execution error.'],
    [
      'Nethermind',
      -32000,
      'Cannot estimate gas, gas spent exceeded transaction and block gas limit',
    ],
    ['Besu', -32000, 'Execution reverted'],
    ['Hardhat', -32603, 'VM Exception while processing transaction: reverted'],
    ['Parity', -32015, 'The execution failed due to an exception.'],
    ['Erigon', -32000, 'execution reverted'],
    ['zkSync', 3, 'execution reverted: Error function_selector = 0x'],
    ['Filecoin', 1, 'message execution failed (exit=[33], vm error=[..])'],
  ])('%s (%i): %s', async (_, code, message) => {
    const rpc = withAnswers({ eth_estimateGas: refuse(code, message) })
    const sender = home.newSender({ rpc })
    const request = toRequest()
    await expect(sender.send(request)).rejects.toThrow(
      /^The transaction would fail: the node says "/,
    )
    const { idempotencyKey } = request
    await expect(sender.get({ idempotencyKey })).rejects.toThrow(
      /no transaction/,
    )
  })
})

describe('fees', () => {
  test.each([
    ['no rewards', { baseFeePerGas: ['0x1', '0x1'] }],
    ['rewards of null', { baseFeePerGas: ['0x1', '0x1'], reward: [null] }],
    [
      'rows too short',
      { baseFeePerGas: ['0x1', '0x1'], reward: [['0x1'], []] },
    ],
    ['nothing', {}],
    ['empty lists', { baseFeePerGas: [], reward: [] }],
    [
      'rewards beyond all reason',
      {
        baseFeePerGas: ['0x1'],
        reward: [Array(3).fill(`0x${'f'.repeat(64)}`)],
      },
    ],
    [
      'quantities with zeros in front',
      { baseFeePerGas: ['0x01'], reward: [['0x01', '0x02', '0x03']] },
    ],
  ])('%s: the transaction is sent, below the caps', async (_, history) => {
    const rpc = withAnswers({ eth_feeHistory: () => history })
    const sent = await home.newSender({ rpc }).send(toRequest())
    expect(sent.status).toMatch(/^(sent|signed)$/)
    const { transactionId } = sent
    const { attempts } = await home.newSender().get({ transactionId })
    expect(Number(attempts[0]?.maxFeePerGas)).toBeLessThanOrEqual(500e9)
    expect(Number(attempts[0]?.maxPriorityFeePerGas)).toBeGreaterThan(0)
  })

  test.each([
    ['does not know them', refuse(-32601, 'the method does not exist')],
    [
      'keeps them from us',
      () => {
        throw new RpcHttpError('https://x', 'm', 403)
      },
    ],
  ])('who %s has a gas price, which tells the fees', async (_, answer) => {
    const rpc = withAnswers({
      eth_feeHistory: answer,
      eth_maxPriorityFeePerGas: answer,
    })
    const sent = await home.newSender({ rpc }).send(toRequest())
    expect(sent).toMatchObject({ status: 'sent' })
  })
})

test('an estimate of nothing is no estimate', async () => {
  const rpc = withAnswers({ eth_estimateGas: () => '0x0' })
  expect(await home.newSender({ rpc }).send(toRequest())).toMatchObject({
    status: 'accepted',
    problem: expect.stringMatching(/eth_estimateGas is not valid: .*21000/),
  })
})

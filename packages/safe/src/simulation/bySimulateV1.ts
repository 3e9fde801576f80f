import { randomBytes } from 'node:crypto'
import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { permit2 } from '@keyward/guard/calls'
import { askEach } from '../state/askEach.js'
import { askWord } from '../state/askWord.js'
import { type Approval, nameOf } from './findOutflows.js'
import {
  type Log,
  type Run,
  type Simulation,
  toExecution,
  toOverrides,
  watchedSlots,
} from './Simulation.js'

/** Returns the requested slot: SLOAD of the calldata. */
const slotReader = '0x6000355460005260206000f3'
/** Returns the balance of the requested address. */
const balanceReader = '0x6000353160005260206000f3'
/**
 * Calls the contract in the first word with the bytes after the second word,
 * and returns the first word of an answer that has as many bytes as the second
 * word says. It uses STATICCALL with 500,000 gas; otherwise, a contract could
 * change the next one's answer, or use up the gas of the block.
 */
const asker: Hex = `0x${[
  '604036036040600037',
  '602060006040360360006000356207a120fa',
  '3d60203514166020026000f3',
].join('')}`
/** There are no contracts at these addresses. */
const reader: Hex = `0x${'00'.repeat(16)}6b657977`
const questioner: Hex = `0x${'00'.repeat(16)}6b657978`

/** Questions to contracts about the Safe. */
export type Asked = {
  /** Contracts to ask for the Safe's balance. */
  readonly tokens: readonly Hex[]
  /** Approvals whose remaining amounts to query. */
  readonly approvals: readonly Approval[]
}

/**
 * Runs the transaction in its own block with current fees, and reads the Safe's
 * state in the next block with code put in the Safe's place, because the
 * transaction may replace the Safe's own code.
 *
 * @throws RpcRefusedError if the node doesn't support the method
 */
export async function bySimulateV1(
  rpc: Rpc,
  run: Run,
  { tokens, approvals }: Asked,
  { deadline }: { deadline?: number | undefined } = {},
): Promise<Simulation> {
  const { state, domain, head } = run
  const at = `0x${state.block.toString(16)}`
  const execution = toExecution(run)
  const watched = watchedSlots(state)
  const data = balanceOf(domain.safe)
  // These are separate requests. If a contract were asked within the
  // simulation, it could recognize the simulation later.
  const before = await askEach(tokens, (to) =>
    askWord(rpc, { to, data }, state.block, { deadline }),
  )
  // Calls that pay no fee are valid only if the base fee is 0.
  const free = { blockOverrides: { baseFeePerGas: '0x0' } }
  const blocks = (await rpc.request(
    'eth_simulateV1',
    [
      {
        validation: true,
        traceTransfers: true,
        blockStateCalls: [
          {
            blockOverrides: {
              ...(head.baseFee !== undefined && {
                baseFeePerGas: `0x${head.baseFee.toString(16)}`,
              }),
              // Some nodes leave this at 0, which no real block has.
              prevRandao: `0x${randomBytes(32).toString('hex')}`,
            },
            stateOverrides: toOverrides(run, execution),
            calls: [execution],
          },
          {
            ...free,
            stateOverrides: {
              [domain.safe]: { code: slotReader },
              [reader]: { code: balanceReader },
              [questioner]: { code: asker },
            },
            calls: [
              ...watched.map((data) => ({ to: domain.safe, data })),
              { to: reader, data: word(domain.safe) },
              ...tokens.map((token) => ({
                to: questioner,
                data: question(token, data),
              })),
              ...approvals.map((one) => ({
                to: questioner,
                data: allowanceOf(domain.safe, one),
              })),
            ],
          },
        ],
      },
      at,
    ],
    { deadline },
  )) as SimulatedBlock[]
  const [executed, after] = blocks.map(({ calls }) => calls)
  const [call] = executed ?? []
  if (call === undefined || after === undefined)
    throw new TypeError('The node left out calls of the simulation.')
  const read = after.map(({ returnData }) => returnData)
  const balance = read[watched.length]
  return {
    by: 'eth_simulateV1',
    failure: toFailure(call),
    logs: call.logs ?? [],
    slots: new Map(
      watched.map((slot, index) => [slot, (read[index] ?? '0x') as Hex]),
    ),
    balance: BigInt(balance === undefined || balance === '0x' ? 0 : balance),
    tokens: new Map(
      tokens.flatMap((token, index) => {
        const was = before[index]
        const is = read[watched.length + 1 + index]
        return was !== undefined && isWord(is)
          ? [[token, { before: was, after: BigInt(is) }] as const]
          : []
      }),
    ),
    allowances: new Map(
      approvals.flatMap((one, index) => {
        const left = read[watched.length + 1 + tokens.length + index]
        return isWord(left) ? [[nameOf(one), BigInt(left)] as const] : []
      }),
    ),
  }
}

type SimulatedCall = {
  status: Hex
  returnData: Hex
  logs?: Log[]
  error?: { message?: string; data?: Hex }
}
type SimulatedBlock = { calls: SimulatedCall[] }

/** The contract returns whether the inner call succeeded. */
function toFailure({ status, returnData, error }: SimulatedCall) {
  if (BigInt(status) !== 1n) return error?.message ?? 'execution reverted'
  return returnData !== '0x' && BigInt(returnData) === 1n
    ? undefined
    : 'the inner call would fail, but still use the nonce'
}

const balanceOf = (address: Hex): Hex => `0x70a08231${word(address).slice(2)}`
const question = (to: Hex, data: Hex, bytes: Hex = '0x20'): Hex =>
  `0x${word(to).slice(2)}${word(bytes).slice(2)}${data.slice(2)}`
/** Permit2 answers with an amount, its end and a nonce. */
function allowanceOf(safe: Hex, { keeper, token, spender }: Approval): Hex {
  const [owner, other, last] = [safe, token, spender].map((one) =>
    word(one).slice(2),
  )
  return keeper === permit2
    ? question(keeper, `0x927da105${owner}${other}${last}`, '0x60')
    : question(keeper, `0xdd62ed3e${owner}${last}`)
}
const word = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`
const isWord = (value: Hex | undefined): value is Hex =>
  value !== undefined && value.length === 66

import { multiSend, safe, safeTx } from '../templateCases.js'
import {
  type Attack,
  type Attacks,
  encode,
  multiSendOf,
  vault,
  word,
  world,
  zero,
} from './Attack.js'

const helper = `0x${'6d'.repeat(20)}`
const note = encode('note(uint256 id)', 1n)

/** What a batch runs, by function. */
const batches = {
  aggregate3: (to: string) =>
    encode(
      'aggregate3((address target,bool allowFailure,bytes callData)[] calls)',
      [{ target: to, allowFailure: false, callData: note }],
    ),
  tryAggregate: (to: string) =>
    encode(
      'tryAggregate(bool requireSuccess,(address target,bytes callData)[] calls)',
      ...[true, [{ target: to, callData: note }]],
    ),
  execute: (to: string) =>
    encode('execute(address target,uint256 value,bytes data)', to, 0n, note),
  executeBatch: (to: string) =>
    encode(
      'executeBatch(address[] targets,uint256[] values,bytes[] datas)',
      ...[[to], [0n], [note]],
    ),
  'execute by mode': (to: string) =>
    encode(
      'execute(bytes32 mode,bytes executionData)',
      ...[`0x${word(0n)}`, `${to}${word(0n)}${note.slice(2)}`],
    ),
} as const

const run = (data: `0x${string}`) => safeTx(helper, data, 0n, { operation: 1 })

/** Code of a contract that runs as the Safe. */
export const delegatecalls: Attacks = {
  policy: {
    ...world,
    functions: ['note(uint256 id)'],
    rules: [
      {
        ...{ id: 'sign', chains: [1] },
        typedData: { kinds: ['SafeTx'], contracts: [safe] },
      },
      {
        ...{ id: 'batch', chains: [1], dangers: ['delegatecall'] },
        call: {
          to: [helper, multiSend],
          functions: [
            ...['aggregate3', 'tryAggregate', 'execute', 'executeBatch'],
            ...['multicall', 'multiSend'],
          ],
        },
      },
      {
        ...{ id: 'note', chains: [1] },
        call: { to: [safe, vault, helper], functions: ['note'], spends: [] },
      },
    ],
  },
  attacks: [
    ...Object.entries(batches).map(
      ([name, batch]): Attack => [
        `the Safe calls itself in ${name}`,
        'actions[0.0].rules[note].dangers',
        run(batch(safe)),
        run(batch(vault)),
      ],
    ),
    [
      "the Safe's own code in a multicall",
      'actions[0.0].rules[note].dangers',
      run(encode('multicall(bytes[] data)', [note])),
      run(encode('multicall(bytes[] data)', [])),
    ],
    [
      'nobody in a batch, who is the Safe in version 1.5.0',
      'actions[0].rules[batch].dangers',
      safeTx(multiSend, multiSendOf([zero, note]), 0n, { operation: 1 }),
      safeTx(multiSend, multiSendOf([vault, note]), 0n, { operation: 1 }),
    ],
  ],
}

import { encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { acme, send, thief, usdc } from '../templateCases.js'
import {
  type Attacks,
  approve,
  asking,
  encode,
  never,
  transfer,
  vault,
  word,
  world,
  zero,
} from './Attack.js'

const mode = (start: string): Hex => `0x${start.padEnd(64, '0')}`
const [single, list, delegatecall] = ['', '01', 'ff'].map(mode) as [
  Hex,
  Hex,
  Hex,
]
const withData = mode('01000000000078210001')

const run = (how: Hex, data: string) =>
  send(vault, encode('execute(bytes32 mode,bytes executionData)', how, data))
const byModule = (how: Hex, data: string) =>
  asking(
    send(
      vault,
      encode(
        'executeFromExecutor(bytes32 mode,bytes executionData)',
        how,
        data,
      ),
    ),
    { caller: 'module' },
  )
const one = (to: string, data: Hex, value = 0n) =>
  `${to}${word(value)}${data.slice(2)}`
type Part = readonly [to: string, data: Hex, value?: bigint]
const toTuples = (parts: readonly Part[]) =>
  parts.map(([to, data, value = 0n]) => ({ to: to as Hex, value, data }))
const some = (...parts: readonly Part[]) =>
  encodeAbiParameters(
    parseAbiParameters('(address to,uint256 value,bytes data)[]'),
    [toTuples(parts)],
  )
const somewith = (...parts: readonly Part[]) =>
  encodeAbiParameters(
    parseAbiParameters('(address to,uint256 value,bytes data)[], bytes'),
    [toTuples(parts), '0x1234'],
  )
const module = (name: 'installModule' | 'uninstallModule') =>
  send(
    vault,
    encode(
      `${name}(uint256 moduleTypeId,address module,bytes initData)`,
      ...[2n, thief, '0x'],
    ),
  )
const paid = transfer(acme, 1n)
const theft = transfer(thief, 1n)

/** Accounts that run by a mode (ERC-7579, ERC-7821). */
export const modularAccounts: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'wallet', chains: [1] },
        call: { to: [vault], functions: ['execute'] },
        maxPerRequest: { native: '0' },
      },
      {
        ...{ id: 'any', chains: [1] },
        call: { to: [vault], functions: 'any', spends: 'unknown' },
      },
      {
        ...{ id: 'module', chains: [1], callers: ['module'] },
        call: { to: [vault], functions: 'any' },
        dangers: ['module'],
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer', 'approve'] },
        maxPerRequest: { USDC: '100' },
      },
    ],
  },
  attacks: [
    [
      'a theft in one call',
      'actions[0].rules[pay].recipients',
      run(single, one(usdc, theft)),
      run(single, one(usdc, paid)),
    ],
    [
      'value of one call',
      'rules[wallet].maxPerRequest.native',
      run(single, one(usdc, paid, 1n)),
      run(single, one(usdc, paid)),
    ],
    [
      'a theft in a list',
      'actions[1].rules[pay].recipients',
      run(list, some([usdc, paid], [usdc, theft])),
      run(list, some([usdc, paid], [usdc, paid])),
    ],
    [
      'a theft in a list that goes on after a failure',
      'actions[0].rules[pay].recipients',
      run(mode('0101'), some([usdc, theft])),
      run(mode('0101'), some([usdc, paid])),
    ],
    [
      'a theft in a list with data for the account',
      'actions[0].rules[pay].recipients',
      run(withData, somewith([usdc, theft])),
      run(withData, somewith([usdc, paid])),
    ],
    [
      'data for the account that the mode does not take',
      'actions[].rules[wallet].dangers',
      run(list, somewith([usdc, paid])),
      run(withData, some([usdc, paid])),
    ],
    [
      'all of a token in a list',
      'actions[0].rules[pay].dangers',
      run(list, some([usdc, approve(acme, never)])),
      run(list, some([usdc, approve(acme, 1n)])),
    ],
    [
      'too much in a list',
      'rules[pay].maxPerRequest.USDC',
      run(list, some([usdc, transfer(acme, 100n)], [usdc, paid])),
      run(list, some([usdc, transfer(acme, 99n)], [usdc, paid])),
    ],
    [
      'code of another contract',
      'actions[0].rules[pay].dangers',
      run(delegatecall, `${usdc}${paid.slice(2)}`),
      run(single, one(usdc, paid)),
    ],
    [
      'an account that calls itself',
      'actions[0].rules[wallet].dangers',
      run(single, one(vault, run(single, one(usdc, paid)).transaction.data)),
      run(single, one(usdc, paid)),
    ],
    [
      'the account, by the zero address',
      'actions[].rules[wallet].dangers',
      run(list, some([zero, paid])),
      run(list, some([usdc, paid])),
    ],
    [
      'a mode that is not known',
      'actions[].rules[wallet].dangers',
      run(mode('01000000000078210002'), some([usdc, paid])),
      run(list, some([usdc, paid])),
    ],
    [
      'bytes behind a list',
      'actions[].rules[wallet].dangers',
      run(list, `${some([usdc, paid])}00`),
      run(list, some([usdc, paid])),
    ],
    [
      'half an address',
      'actions[].rules[wallet].dangers',
      run(single, '0x1234'),
      run(single, one(usdc, paid)),
    ],
    [
      'a theft of a module',
      'actions[0].rules[pay].recipients',
      byModule(single, one(usdc, theft)),
      byModule(single, one(usdc, paid)),
    ],
    [
      'a call as a module',
      'actions[].rules[any].dangers',
      asking(byModule(single, one(usdc, paid)).request),
      byModule(single, one(usdc, paid)),
    ],
    [
      'a module that is installed',
      'actions[].rules[any].dangers',
      module('installModule'),
      asking(module('installModule'), { caller: 'module' }),
    ],
    [
      'a module that is taken away',
      'actions[].rules[any].dangers',
      module('uninstallModule'),
      asking(module('uninstallModule'), { caller: 'module' }),
    ],
  ],
}

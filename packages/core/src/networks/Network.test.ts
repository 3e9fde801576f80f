import { readFileSync } from 'node:fs'
import * as chains from 'viem/chains'
import { expect, test } from 'vitest'
import {
  generatedFile,
  generateNetworks,
} from '../../../../scripts/generate-networks.mjs'
import * as Problems from '../parse/Problems.js'
import * as Network from './Network.js'
import { networks } from './networks.generated.js'

function run(value: unknown): unknown {
  const problems = Problems.create('environment')
  const network = Network.parse(value, 'ETH_NETWORK', problems)
  try {
    problems.assertNone()
  } catch (error) {
    return (error as Problems.InvalidRequestError).problems[0]?.problem
  }
  return network
}

test('the table matches the installed viem', () => {
  expect(readFileSync(generatedFile, 'utf8')).toBe(generateNetworks())
  const ids = new Set(Object.values(chains).map(({ id }) => id))
  for (const [name, id] of Object.entries(networks))
    expect(ids.has(id), name).toBe(true)
  expect(new Set(Object.values(networks)).size).toBe(
    Object.keys(networks).length,
  )
})

test('names and chain ids', () => {
  expect(run('mainnet')).toEqual({ name: 'mainnet', chainId: 1 })
  expect(run('base-sepolia')).toEqual({ name: 'base-sepolia', chainId: 84532 })
  expect(run('local')).toEqual({ name: 'local', chainId: 31337 })
  expect(run('11155111')).toEqual({ name: 'sepolia', chainId: 11155111 })
  expect(run('424242')).toEqual({ name: '424242', chainId: 424242 })
  expect(run('9007199254740991')).toEqual({
    name: '9007199254740991',
    chainId: 2 ** 53 - 1,
  })
})

test('invalid networks', () => {
  expect(run('rinkeby')).toBe(
    'got "rinkeby"; allowed: a network\'s name (for example: mainnet, sepolia, hoodi), a decimal chain id, or local (31337)',
  )
  expect(run('Mainet')).toBe(
    'got "Mainet"; allowed: a network\'s name (did you mean mainnet?), a decimal chain id, or local (31337)',
  )
  expect(run('baseSepolia')).toBe(
    'got "baseSepolia"; allowed: a network\'s name (did you mean base-sepolia?), a decimal chain id, or local (31337)',
  )
  expect(run('9007199254740992')).toMatch(/^got "9007199254740992"; allowed/)
  for (const value of [
    '',
    '0',
    '-1',
    '01',
    '1.0',
    '0x1',
    'toString',
    ' mainnet',
    1,
    null,
    undefined,
  ])
    expect(typeof run(value)).toBe('string')
})

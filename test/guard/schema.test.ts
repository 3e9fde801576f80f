import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Danger, parsePolicy } from '@keyward/guard'
import { templateNames, templates } from '@keyward/guard/authoring'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/setup/root.mjs'
import { fits, type Schema } from '../support/jsonSchema.js'
import { soak } from '../support/tools.js'
import { usdc, weth } from './templateCases.js'

const schema = JSON.parse(
  readFileSync(join(root, 'packages/guard/policy.schema.json'), 'utf8'),
) as Schema & { $defs: Record<string, { enum: string[] }> }

const isParsed = (document: unknown) => {
  try {
    parsePolicy(JSON.stringify(document))
    return true
  } catch {
    return false
  }
}

/** All that the templates don't have. */
const rest = {
  $schema: './policy.schema.json',
  version: 1,
  tokens: {
    NFT: { chain: 1, address: weth, kind: 'erc721', symbol: 'NFT' },
    USDC: {
      ...{ chain: 1, address: usdc, kind: 'erc20', decimals: 6 },
      symbol: 'USDC',
    },
  },
  groups: { plain: [usdc] },
  types: { Mail: 'Mail(address to,string contents)' },
  functions: ['swap(uint256[] amounts,(address to,bytes data) one)'],
  windows: {
    each: {
      ...{ asset: 'USDC', length: 'week', limit: '0' },
      per: ['caller', 'account', 'recipient'],
    },
  },
  rules: [
    {
      ...{ id: 'deny-all', effect: 'deny', mode: 'shadow', note: null },
      accounts: [usdc],
      dangers: ['delegatecall'],
    },
    {
      id: 'swap',
      ...{ chains: [1], types: ['eip4844'], hours: [{ from: '23:00' }] },
      fee: { maxGas: '1', maxFeePerGas: '2', maxFeePerBlobGas: '3' },
      call: {
        to: ['plain', usdc, 'NFT'],
        functions: ['swap'],
        args: {
          amounts: {
            ...{ length: { atMost: '3' }, every: { atLeast: '1' } },
            ...{ some: { equals: '5' }, none: { in: ['6', true] } },
          },
          one: {
            fields: { to: { in: ['plain'] }, data: { startsWith: '0x' } },
          },
        },
        ratios: [
          {
            ...{ of: 'amounts', ofAsset: 'native', to: 'one.to' },
            ...{ toAsset: 'USDC', atLeast: '0.5', atMost: '1500.25' },
          },
        ],
        spends: [{ asset: 'USDC', amount: 'amounts', recipient: 'one.to' }],
      },
    },
    { id: 'create', chains: [1], create: {} },
    { id: 'anyone', chains: [31337], call: { to: 'any', functions: 'any' } },
    { id: 'any', chains: [1], call: { to: ['NFT'], functions: 'any' } },
    {
      ...{ id: 'mail', chains: [0], maxValidity: 0 },
      typedData: { kinds: ['Mail'], without: ['chainId'], spends: [] },
    },
    {
      ...{ id: 'order', chains: [1], maxValidity: 'unlimited' },
      typedData: { kinds: ['Order:1inch'] },
    },
    { id: 'text', message: { kinds: ['text'], texts: ['hello'] } },
    { id: 'digest', digest: {} },
    { id: 'run', chains: [1], authorization: { delegates: ['plain'] } },
  ],
}

const documents: Record<string, Record<string, unknown>> = {
  rest,
  ...Object.fromEntries(
    templateNames.map((name) => [
      name,
      templates[name].create({
        ...{ chain: 1, payees: [], callers: [name], mode: 'shadow' as const },
        tokens: [
          { symbol: 'WETH', address: weth, decimals: 18 },
          { symbol: 'USDC', address: usdc, decimals: 6 },
        ],
      }),
    ]),
  ),
}

type Path = readonly (string | number)[]

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [name, item] of Object.entries(value))
    yield* pathsOf(item, [...path, Array.isArray(value) ? Number(name) : name])
}

/** A copy in which the place has another value, or none. */
function damage(document: unknown, path: Path, change: (at: never) => unknown) {
  const copy = structuredClone(document) as Record<string, unknown>
  let at = copy
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>
  const last = path.at(-1) as string
  const value = change(at[last] as never)
  if (value === undefined) delete at[last]
  else at[last] = value
  // A hole in a list is no JSON.
  return JSON.parse(JSON.stringify(copy)) as unknown
}

const damages: Record<string, (value: never) => unknown> = {
  'left out': () => undefined,
  null: () => null,
  'a number': () => -1.5,
  'a text': () => '?',
  'a list': () => [[]],
  'one more member': (value: unknown) =>
    typeof value === 'object' && !Array.isArray(value)
      ? { ...(value as object), strange: 1 }
      : 5e20,
}

/** What a schema can't say: whether a name stands for something. */
const needsNames =
  /^(?:tokens\.\w+|groups\.\w+|windows\.[\w-]+|functions\.\d+|types\.\w+|tokens|groups|windows|functions|types|.*\b(?:functions|kinds|texts|domains|uris|callers|symbol|name|id|equals|in|startsWith|asset|ofAsset|toAsset)\b.*)$/

test.each(Object.entries(documents))(
  '%s is a policy for the parser and for the schema',
  (_, document) => {
    expect(isParsed(document)).toBe(true)
    expect(fits(document, schema)).toBe(true)
  },
)

// Between them they have each member.
describe.each(['rest', 'payouts', 'agent'])('%s', (name) => {
  const document = documents[name]
  test.each(
    Object.entries(damages).map(([what, change], at) => ({ what, change, at })),
  )('with $what in one place', ({ what, change, at }) => {
    // Each place is damaged in two ways, in soak in all of them.
    const paths = [...pathsOf(document)].filter(
      (_, index) => soak || (index + at) % 3 === 0,
    )
    const all = paths.map((path) => {
      const damaged = damage(document, path, change)
      return {
        path: path.join('.'),
        parsed: isParsed(damaged),
        fits: fits(damaged, schema),
      }
    })
    expect(all.length).toBeGreaterThan(20)
    expect(all.some(({ fits }) => !fits)).toBe(true)
    // The schema refuses no policy.
    expect(all.filter((one) => one.parsed && !one.fits)).toEqual([])
    const mayMiss = (path: string) =>
      ['left out', 'a text'].includes(what) && needsNames.test(path)
    expect(
      all.filter((one) => !one.parsed && one.fits && !mayMiss(one.path)),
    ).toEqual([])
  })
})

test('the schema names the dangers', () => {
  expect(schema.$defs.danger?.enum).toEqual(Danger.names)
})

test.each([
  ['two things in one rule', { payment: {}, digest: {} }],
  ['none', {}],
  ['none, and chains', { chains: [1] }],
  ['a deny with limits', { effect: 'deny', maxValidity: 5 }],
  ['a validity in words', { digest: {}, maxValidity: 'forever' }],
  ['a deny about two things', { effect: 'deny', payment: {}, digest: {} }],
  ['no chain', { payment: {} }],
  [
    'a ratio without bounds',
    {
      chains: [1],
      call: {
        to: [],
        functions: 'any',
        ratios: [
          { of: 'amount', ofAsset: 'native', to: 'value', toAsset: 'native' },
        ],
      },
    },
  ],
  [
    'an empty condition',
    { chains: [1], call: { to: [], functions: 'any', args: { amount: {} } } },
  ],
  ...[[1], [31337, 1], [], undefined].map((chains): [string, object] => [
    `any contract on ${JSON.stringify(chains)}`,
    { ...(chains && { chains }), call: { to: 'any', functions: 'any' } },
  ]),
  ['hours beyond the day', { effect: 'deny', hours: [{ to: '24:01' }] }],
])('a rule with %s is none', (_, rule) => {
  const document = { version: 1, rules: [{ id: 'x', ...rule }] }
  expect([isParsed(document), fits(document, schema)]).toEqual([false, false])
})

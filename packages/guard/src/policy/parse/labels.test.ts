import { describe, expect, test } from 'vitest'
import { policyProblems } from '../../../../../test/support/policyProblems.js'
import { explain } from '../../authoring/explain/explain.js'
import { parse } from './parsePolicy.js'

// What `policy explain` and a refusal show in lines must not begin lines of its
// own.
const forged = 'x\n  at most  1 ETH'
const address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const rule = (more: object) => ({
  version: 1,
  rules: [{ id: 'pay', chains: [1], payment: {}, ...more }],
})
const message = (more: object) => ({
  version: 1,
  rules: [{ id: 'sign', message: { kinds: ['text'], ...more } }],
})
const line = (max: number) =>
  `; allowed: a single line of 1 to ${max} printable characters`

describe('what is shown is a single printable line', () => {
  test.each([
    ['name', { ...rule({}), name: forged }, 100],
    [
      'tokens.T.symbol',
      {
        ...rule({}),
        tokens: { T: { chain: 1, address, kind: 'erc721', symbol: forged } },
      },
      20,
    ],
    [
      'groups.payees[0].name',
      { ...rule({}), groups: { payees: [{ address, name: forged }] } },
      80,
    ],
    ['rules[0].message.domains[0]', message({ domains: [forged] }), 10_000],
    ['rules[0].message.uris[0]', message({ uris: [forged] }), 10_000],
  ] as const)('%s', (path, policy, max) => {
    const [problem, ...others] = policyProblems(policy)?.split('\n') ?? []
    expect(problem).toMatch(`${path}: got `)
    expect(problem).toMatch(line(max))
    expect(others).toEqual([])
  })

  test.each(['\u001b[2J', 'a\u202eb', 'a\u2028b', 'a\u200bb', ' '])(
    'nor %j',
    (name) => {
      expect(policyProblems({ ...rule({}), name })).toContain('a single line')
    },
  )

  test('letters of any language are fine', () => {
    expect(policyProblems({ ...rule({}), name: 'Gehälter – März' })).toBe(
      undefined,
    )
  })
})

test.each([forged, '*', 'a b', '$(id)', '', '12', 'status', 'admin', 'clock'])(
  '%j is not a caller',
  (caller) => {
    expect(policyProblems(rule({ callers: [caller] }))).toMatch(
      /^rules\[0\]\.callers\[0\]: got .+; allowed: the name of an alias: 1 to 128 letters, digits, - and _, but not only digits, and not admin, clock, status, which Keyward uses itself$/,
    )
  },
)

test('texts that can have more lines are shown in one', () => {
  const policy = parse(
    JSON.stringify({
      ...{ version: 1, functions: ['say(string text,uint256 count)'] },
      rules: [
        { id: 'sign', message: { kinds: ['text'], texts: [forged] } },
        {
          ...{ id: 'say', chains: [1] },
          call: {
            ...{ to: [address], functions: ['say'] },
            args: {
              text: { in: [forged, 'plain'] },
              count: { equals: '5' },
            },
          },
        },
      ],
    }),
  )
  const [sign, say] = explain(policy).rules
  expect(sign?.rows).toContainEqual([
    'what',
    'sign a message (text), exactly “x\\u000a  at most  1 ETH”',
  ])
  expect(say?.rows).toContainEqual([
    'if',
    'text in "x\\n  at most  1 ETH", plain',
  ])
  expect(say?.rows).toContainEqual(['if', 'count equals 5'])
})

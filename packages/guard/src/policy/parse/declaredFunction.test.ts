import { describe, expect, test } from 'vitest'
import { policyProblems } from '../../../../../test/support/policyProblems.js'
import { parse } from './parsePolicy.js'

/** What is wrong with a policy that declares these; undefined if it is read. */
const refusal = (functions: readonly string[], abi?: readonly string[]) =>
  policyProblems({ version: 1, functions, rules: [] }, abi)

const textOf = (text: string) =>
  parse(JSON.stringify({ version: 1, functions: [text], rules: [] }))
    .functions[0]?.text

const allowed =
  'allowed: a function such as swap(address tokenIn,uint256 amountIn); argument names must differ, and fixed list lengths must be from 1 to 4096'

describe('two arguments of the same name are refused', () => {
  test.each([
    'pay(address to,uint256 much,address to)',
    'pay((address to,(bool a,bool a) of) one)',
    'pay((bool a,bytes a)[2][] all)',
  ])('%s', (text) => {
    expect(refusal([text])).toMatch(/^functions\[0\]: got /)
    expect(refusal([text])).toContain(allowed)
    expect(refusal([], [text])).toMatch(/^abi\[0\]: got /)
    expect(refusal([], [text])).toContain(allowed)
  })

  test('but not arguments without names, nor names of different tuples', () => {
    expect(refusal(['pay(address,uint256)'])).toBeUndefined()
    expect(refusal(['pay((bool a) a,(bool a) b)'])).toBeUndefined()
  })
})

describe('a list of a fixed length', () => {
  test.each(['4096', '4096][4096'])('of %s items is read', (length) => {
    expect(textOf(`f(uint256[${length}] a)`)).toBe(`f(uint256[${length}])`)
  })

  test.each(['0', '4097', '1000000000', '9'.repeat(40)])(
    'of %s items is refused',
    (length) => {
      expect(refusal([`f(uint256[${length}] a)`])).toContain(allowed)
      expect(refusal([], [`f((bytes[${length}] b) a)`])).toContain('abi[0]: ')
    },
  )
})

test.each([
  ['int(uint a)', 'int(uint256)'],
  ['uint(int a,(uint)[] b)', 'uint(int256,(uint256)[])'],
  ['$int(uint[2] a)', '$int(uint256[2])'],
  ['f((uint8 a)b)', 'f((uint8))'],
])('%s is the function %s', (text, canonical) => {
  expect(textOf(text)).toBe(canonical)
})

test.each(['f((addressx)', 'f(address to x)', 'f((uint256 a) [])'])(
  '%s is refused',
  (text) => {
    expect(refusal([text])).toContain(allowed)
  },
)

describe('four bytes that belong to another function are refused', () => {
  const why = 'which has the same selector as'

  test('of a known one', () => {
    const problem = `functions: has many_msg_babbage(bytes1), ${why} transfer(address,uint256)`
    expect(refusal(['many_msg_babbage(bytes1 letter)'])).toBe(problem)
    expect(refusal([], ['many_msg_babbage(bytes1)'])).toBe(problem)
  })

  test('of a declared one', () => {
    const problem = `functions: has clash550254402(), ${why} proxyOwner()`
    expect(refusal(['proxyOwner()', 'clash550254402()'])).toBe(problem)
    expect(refusal(['proxyOwner()'], ['clash550254402()'])).toBe(problem)
  })

  test('but not the same function with other names', () => {
    const twice = ['swap(address to)', 'swap(address)', 'burn(uint256 much)']
    expect(refusal(twice, ['swap(address who)', 'burn(uint256)'])).toBe(
      undefined,
    )
  })
})

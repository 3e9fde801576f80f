import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { readCall } from './readCall.js'

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const word = `0x${'ab'.repeat(32)}`

describe('typed calls', () => {
  test.each([
    ['transfer(address,uint256)', [to, '12500000'], [to, 12_500_000n]],
    ['f(int8,bool,bytes32)', ['-128', 'true', word], [-128, true, word]],
    ['f(string,bytes)', ['a "b", c', '0x00ff'], ['a "b", c', '0x00ff']],
    ['f(uint256[])', ['[1,"18446744073709551616"]'], [[1n, 2n ** 64n]]],
    ['f(address[2])', [`["${to}","${to}"]`], [[to, to]]],
    [
      'f((address,uint256)[],uint8)',
      [`[["${to}",7]]`, '0xff'],
      [[[to, 7n]], 255],
    ],
    ['deposit()', [], []],
  ] as [string, string[], unknown[]][])(
    '%s is encoded as viem does',
    (text, given, args) => {
      const { data, signature } = readCall(text, given, '--call')
      const abi = parseAbi([`function ${text}`] as never)
      const functionName = signature.name
      expect(data).toBe(
        encodeFunctionData({ abi, functionName, args } as never),
      )
    },
  )

  test('uint is uint256', () => {
    expect(
      readCall('f(uint,int[])', ['1', '[]'], '--call').signature.text,
    ).toBe('f(uint256,int256[])')
  })

  test('a function can be called uint', () => {
    expect(
      readCall('uint((int,uint)[],uint)', ['[]', '1'], '--call').signature.text,
    ).toBe('uint((int256,uint256)[],uint256)')
  })
})

describe('an ambiguous function or value is refused', () => {
  test.each([
    'transfer',
    'transfer(address to,uint256)',
    'transfer(address,,uint256)',
    'transfer(address,uint256) returns (bool)',
    'function transfer(address,uint256)',
    'f(uint7)',
    'f(uint512)',
    'f(bytes33)',
    'f(float)',
    'f(address[0])',
    'f(address[1000000000])',
    'f(())',
    'f((address)',
  ])('%s', (text) => {
    expect(() => readCall(text, ['1'], '--call')).toThrow(/is not a function/)
  })

  test.each([
    ['f(uint256)', '1e18', 'a whole number'],
    ['f(uint256)', '1.5', 'a whole number'],
    ['f(uint256)', '-1', 'fits in uint256'],
    ['f(uint8)', '256', 'fits in uint8'],
    ['f(int8)', '128', 'fits in int8'],
    ['f(uint256[])', '[9007199254740993]', 'a whole number'],
    ['f(address)', to.replace('C8', 'c8'), 'checksum'],
    ['f(address)', 'vitalik.eth', 'an address'],
    ['f(bool)', '1', 'true or false'],
    ['f(bytes4)', '0x0102', '8 hex digits'],
    ['f(bytes)', '0x123', 'two hex digits'],
    ['f(uint256[2])', '[1]', 'a JSON list with length 2'],
  ])('%s with %s', (text, given, message) => {
    expect(() => readCall(text, [given], '--call')).toThrow(message)
  })

  test('too few and too many arguments', () => {
    expect(() => readCall('f(uint256)', [], '--call')).toThrow(
      'f(uint256) needs 1 argument, but got 0',
    )
  })
})

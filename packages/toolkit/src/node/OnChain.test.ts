import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../../../test/support/startAnvil.js'
import { checkFunds, parseAlsoNetwork } from '../destroy/checkFunds.js'
import { withFunds } from '../destroy/DestroyError.js'
import * as OnChain from './OnChain.js'
import { rpcUrls } from './rpcUrls.js'

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const token = '0x00000000000000000000000000000000000070a0'
const network = { name: 'local', chainId: 31337 }

/** Answers every call with one word: balance, decimals and symbol alike. */
const answering = (word: string) => `0x7f${word.padStart(64, '0')}5f5260205ff3`

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil()
})
afterAll(() => anvil.stop())

describe('an account', () => {
  test('with nothing, and with ether', async () => {
    const read = () => OnChain.read({ urls: [anvil.url], network, address })
    await anvil.setBalance(address, 0n)
    const empty = await read()
    expect(OnChain.holdsFunds(empty)).toBe(false)
    expect(OnChain.format(empty)).toBe('0 ETH')
    await anvil.setBalance(address, 1n)
    const found = await read()
    expect(OnChain.holdsFunds(found)).toBe(true)
    expect(OnChain.format(found)).toBe('0.000000000000000001 ETH')
    expect(OnChain.toJson(found)).toEqual({
      ...{ network: 'local', chainId: 31337, wei: '1', nonce: '0' },
      ...{ waiting: '0', tokens: [] },
    })
  })

  test('with pending transactions', async () => {
    await anvil.setBalance(address, 10n ** 18n)
    await anvil.call('evm_setAutomine', [false])
    const to = '0x0000000000000000000000000000000000000001'
    await anvil.call('eth_sendTransaction', [
      { from: address, to, value: '0x1' },
    ])
    const found = await OnChain.read({ urls: [anvil.url], network, address })
    expect(found).toMatchObject({ nonce: 0n, waiting: 1n })
    await anvil.call('evm_setAutomine', [true])
    await anvil.call('anvil_mine', ['0x1'])
    const mined = await OnChain.read({ urls: [anvil.url], network, address })
    expect(mined).toMatchObject({ nonce: 1n, waiting: 0n })
    await anvil.setBalance(address, 0n)
  })

  test('with a given token', async () => {
    await anvil.call('anvil_setCode', [token, answering('6')])
    const read = () =>
      OnChain.read({ urls: [anvil.url], network, address, tokens: [token] })
    const found = await read()
    expect(OnChain.format(found)).toBe('0 ETH, 0.000006 token')
    expect(OnChain.holdsFunds(found)).toBe(true)
    await anvil.call('anvil_setCode', [token, answering('0')])
    expect(OnChain.holdsFunds(await read())).toBe(false)
  })

  test('a missing or refusing contract does not mean zero', async () => {
    for (const code of ['0x', '0x5f5ffd', '0x60015f5260015ff3']) {
      await anvil.call('anvil_setCode', [token, code])
      const found = await OnChain.read({
        ...{ urls: [anvil.url], network, address, tokens: [token] },
      })
      expect(found.tokens).toEqual([
        { address: token, symbol: 'token', decimals: 0, amount: undefined },
      ])
      expect(OnChain.format(found)).toBe('0 ETH, unknown token')
      expect(OnChain.holdsFunds(found)).toBe(false)
    }
  })

  test("a contract's symbol is accepted only if it is plain", async () => {
    const text = (hex: string) =>
      // mstore(0, 32), mstore(32, length), mstore(64, text), return 96 bytes.
      `0x60205f5260${(hex.length / 2).toString(16).padStart(2, '0')}6020527f${hex.padEnd(64, '0')}60405260605ff3`
    for (const [symbol, expected] of [
      ['USDX', 'USDX'],
      ['\u001b[31mUSDC', 'token'],
      ['a b', 'token'],
    ] as const) {
      const hex = Buffer.from(symbol).toString('hex')
      await anvil.call('anvil_setCode', [token, text(hex)])
      const found = await OnChain.read({
        ...{ urls: [anvil.url], network, address, tokens: [token] },
      })
      expect(found.tokens[0]?.symbol).toBe(expected)
    }
  })
})

describe('chains to ask', () => {
  test('each answers for itself, or says why it does not', async () => {
    await anvil.setBalance(address, 5n)
    const strange = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) =>
      strange.listen(0, '127.0.0.1', resolve),
    )
    const { port } = strange.address() as AddressInfo
    const answers = await checkFunds(
      address,
      [
        { network: 'local', urls: [anvil.url] },
        { network: 'polygon', urls: [anvil.url] },
        { network: 'sepolia', urls: [`http://127.0.0.1:${port}`] },
        { network: 'mainnet', urls: ['http://127.0.0.1:1'] },
        { network: 'base', urls: undefined },
        { network: 'nonsense', urls: [anvil.url] },
      ],
      [],
    )
    strange.close()
    expect(withFunds(answers)).toMatchObject([{ network: 'local', wei: 5n }])
    expect(
      answers.map((each) => ('unknown' in each ? each.unknown : 'asked')),
    ).toEqual([
      'asked',
      `${anvil.url} serves chain 31337, not chain 137.`,
      expect.stringContaining('is not valid'),
      "The RPC endpoint http://127.0.0.1:1 can't be reached.",
      'no RPC endpoint is known (pass --rpc-url, or set RPC_URL or ETH_RPC_URL)',
      'the network is not known',
    ])
  })

  test('--also-network', () => {
    expect(parseAlsoNetwork('137=https://x/?k=1')).toEqual({
      network: '137',
      urls: ['https://x/?k=1'],
    })
    for (const text of ['polygon', '=x', 'polygon=', 'nonsense=https://x'])
      expect(() => parseAlsoNetwork(text)).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      )
    // A provider's key is often in the URL.
    expect(() => parseAlsoNetwork('https://x/secretkey')).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('secretkey'),
      }),
    )
  })

  test('where the URL comes from', () => {
    const terminal = (env: Record<string, string>) =>
      ({ env }) as unknown as Parameters<typeof rpcUrls>[0]
    const both = { RPC_URL: 'https://b, https://c', ETH_RPC_URL: 'https://d' }
    expect(rpcUrls(terminal(both), 'https://a')).toEqual(['https://a'])
    expect(rpcUrls(terminal(both))).toEqual(['https://b', 'https://c'])
    expect(
      rpcUrls(terminal({ RPC_URL: ' ', ETH_RPC_URL: 'https://d' })),
    ).toEqual(['https://d'])
    expect(rpcUrls(terminal({}))).toBeUndefined()
    expect(rpcUrls(terminal({ RPC_URL: 'http://[::1]:8545' }))).toEqual([
      'http://[::1]:8545',
    ])
    expect(() => rpcUrls(terminal({ RPC_URL: 'http://b/key' }))).toThrow(
      'http://b uses plain http to another machine',
    )
  })
})

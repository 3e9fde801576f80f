import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { askWord } from './askWord.js'

const call = { to: `0x${'5a'.repeat(20)}`, data: '0x18160ddd' } as const

function refusing(code: number, message: string, data?: `0x${string}`): Rpc {
  const request = async () => {
    throw new RpcRefusedError('node', 'eth_call', { code, message, data })
  }
  return { request } as unknown as Rpc
}

test.each([
  [3, 'execution reverted', '0x'],
  [-32000, 'execution reverted', undefined],
  [-32015, 'VM execution error.', undefined],
  [-32000, 'invalid opcode: opcode 0xfe not defined', undefined],
  [-32000, 'out of gas', undefined],
] as const)('%i %s: it has no such function', async (code, text, data) => {
  expect(await askWord(refusing(code, text, data), call, 1n)).toBeUndefined()
})

// As if the token had no supply: any amount short of 2^112 would be a part of
// it.
test.each([
  [-32005, 'limit exceeded'],
  [-32000, 'header not found'],
  [429, 'Your app has exceeded its compute units per second capacity.'],
])('%i %s says nothing about the contract', async (code, text) => {
  await expect(askWord(refusing(code, text), call, 1n)).rejects.toThrow(text)
})

import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { shakeWasm } from './shakeWasm.mjs'

// libsecp256k1 with and without the code that the functions don't call.

const kept = [
  ...['memory', 'heap_base', 'secp256k1_init', 'secp256k1_randomize'],
  'secp256k1_recover_public_key',
]

type Exports = Record<string, (...all: number[]) => number> & {
  memory: { buffer: ArrayBuffer }
}

// Its types are browser types.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(module: Uint8Array): Promise<{ instance: { exports: Exports } }>
  }
}

async function readModule(): Promise<Buffer> {
  const require = createRequire(import.meta.url)
  const folder = join(require.resolve('ox'), '..')
  const file = join(folder, 'wasm/internal/secp256k1.wasm.js')
  const { wasmBase64 } = await import(pathToFileURL(file).href)
  return Buffer.from(wasmBase64, 'base64')
}

async function open(module: Buffer) {
  const { instance } = await WebAssembly.instantiate(new Uint8Array(module))
  const engine = instance.exports
  const at = engine.heap_base!()
  const view = () => new Uint8Array(engine.memory.buffer)
  expect(engine.secp256k1_init!()).toBe(1)
  view().set(new Uint8Array(32).fill(7), at)
  expect(engine.secp256k1_randomize!(at)).toBe(1)
  return {
    names: Object.keys(instance.exports),
    recover(signature: Uint8Array, digest: Uint8Array) {
      view().set(signature, at)
      view().set(digest, at + 65)
      const isDone = engine.secp256k1_recover_public_key!(
        ...([at, at + 65, 32, at + 97] as const),
      )
      return isDone ? Buffer.from(view().slice(at + 97, at + 162)) : undefined
    },
  }
}

test('recovers as the whole module does, at three quarters of its size', async () => {
  const module = await readModule()
  const shaken = shakeWasm(module, kept)
  expect(shaken.length / module.length).toBeLessThan(0.78)
  const [whole, part] = [await open(module), await open(shaken)]
  expect(part.names).toEqual(kept.toSorted(byPlace(whole.names)))
  let recovered = 0
  for (let n = 0; n < 2000; n++) {
    const signature = Buffer.concat([Buffer.from([n % 4]), randomBytes(64)])
    const digest = randomBytes(32)
    const key = part.recover(signature, digest)
    expect(key).toEqual(whole.recover(signature, digest))
    if (key !== undefined) recovered++
  }
  // Every second x belongs to a point.
  expect(recovered).toBeGreaterThan(300)
  expect(recovered).toBeLessThan(1500)
})

test('refuses a module without a kept export', async () => {
  const module = await readModule()
  expect(() => shakeWasm(module, ['another'])).toThrow('lacks another')
})

const byPlace = (names: string[]) => (a: string, b: string) =>
  names.indexOf(a) - names.indexOf(b)

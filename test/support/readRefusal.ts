import { expect } from 'vitest'
import { multiply } from './curve.js'
import type { KeyFiles, Reading } from './keyFiles.js'

/** The key of the files that are damaged by hand. */
export const d = Buffer.alloc(32, 0x5a)
export const hex = d.toString('hex')
export const point = multiply(BigInt(`0x${hex}`))
export const password = 'correct horse'

/** A refusal's code and sentence. No part of it may hold the key. */
export async function readRefusal(
  files: KeyFiles,
  reading: Reading,
): Promise<string> {
  const { code, shortMessage } = await readError(files, reading)
  return `${code}: ${shortMessage}`
}

/** The error that reading ends in. No part of it may hold the key. */
export async function readError(
  files: KeyFiles,
  reading: Reading,
): Promise<Error & { code: string; shortMessage?: string }> {
  const error = await files.read(reading).then(
    (key) => {
      throw new Error(`It was read, as ${key.address}.`)
    },
    (error: Error & { code: string; shortMessage?: string }) => error,
  )
  const whole = [error.message, error.stack, JSON.stringify(error)].join()
  for (const secret of [hex, d.toString('base64').slice(0, 20)])
    expect(whole).not.toContain(secret)
  return error
}

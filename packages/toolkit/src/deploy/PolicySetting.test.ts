import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import * as PolicySetting from './PolicySetting.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward policy '))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, value: unknown) => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}
const plain = { version: 1, rules: [{ id: 'none', effect: 'deny' }] }
const counted = {
  version: 1,
  windows: {
    day: { asset: 'native', chain: 1, length: 'day', limit: '1' },
  },
  rules: [{ id: 'pay', chains: [1], payment: {}, windows: ['day'] }],
}

describe('a policy', () => {
  test('is stored with its full path and its hash', async () => {
    const path = write('plain.json', plain)
    expect(await PolicySetting.read(path)).toEqual({
      policy: path,
      policySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('named none removes everything; without the flag it stays', async () => {
    expect(await PolicySetting.read('none')).toEqual({
      policy: '',
      policySha256: '',
      existingGuardTable: '',
    })
    expect(await PolicySetting.read(undefined)).toEqual({})
  })

  test.each([
    [
      'is not there',
      join(folder, 'no.json'),
      /can't be read\.\nThe file does not exist\./,
    ],
    ['says nothing', write('empty.json', {}), /version[\s\S]*rules/],
  ])('that %s is refused before deploying anything', async (_, path, why) => {
    await expect(PolicySetting.read(path)).rejects.toThrow(why)
  })

  test('may count', async () => {
    const path = write('counted.json', counted)
    expect(await PolicySetting.read(path)).toHaveProperty('policy', path)
  })
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SigningKey as EthersKey } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
} from '../support/importHome.js'

const key = newTestKey()
let at: ImportHome
let arn = ''
let file = ''
let publicKey = ''
let others: { arn: string; file: string; address: string }
beforeAll(async () => {
  at = await openImportHome()
  arn = await at.createKey()
  file = await at.keyFile(key.sec1)
  const into = ['--wrapping-key', 'rsa-2048', '--key', arn]
  const receipt = ['--receipt', join(at.folder, 'receipt.json')]
  await at.here(['key', 'import', '--in', file, ...into, ...receipt])
  publicKey = join(at.folder, 'public key.txt')
  // 128 hex digits, as ethers has them.
  const point = EthersKey.computePublicKey(`0x${key.hex}`, false)
  await writeFile(publicKey, `${point.slice(4)}\n`)
  const other = newTestKey()
  others = {
    arn: await at.createKey({ Origin: 'AWS_KMS' }),
    file: await at.keyFile(other.sec1),
    address: other.address,
  }
})
afterAll(() => at.close())

const verify = (...args: string[]) =>
  at.here(['key', 'verify', '--json', ...args])

describe('one account', () => {
  const all = () => [
    ['--key', arn],
    ['--in', file],
    ['--public-key', publicKey],
    ['--address', key.address],
    ['--address', key.address.toLowerCase()],
  ]

  test('any two agree, and all together, with a signature', async () => {
    for (const [index, one] of all().entries())
      for (const two of all().slice(index + 1)) {
        const ran = await verify(...one, ...two)
        expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([
          0,
          { agree: true, address: key.address },
        ])
      }
    const ran = await verify(...all().flat(), '--challenge')
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout).compared).toContainEqual({
      kind: 'key',
      name: arn,
      address: key.address,
      agrees: true,
      challengeSigned: true,
    })
  })
})

describe('not one account: exit 1, and it is said which differs', () => {
  const differing = async (...args: string[]) => {
    const ran = await verify(...args)
    expect(ran.code).toBe(1)
    const { agree, compared } = JSON.parse(ran.stdout)
    expect(agree).toBe(false)
    return compared
      .filter(({ agrees }: { agrees: boolean | null }) => agrees !== true)
      .map(({ kind, name }: { kind: string; name: string }) => [kind, name])
  }

  test('the odd one out of three', async () => {
    expect(
      await differing(
        '--key',
        arn,
        '--in',
        others.file,
        '--public-key',
        publicKey,
      ),
    ).toEqual([['file', others.file]])
    expect(
      await differing('--key', arn, '--key', others.arn, '--in', file),
    ).toEqual([['key', others.arn]])
  })

  test('whatever is not the address that was typed in', async () => {
    expect(
      await differing('--address', others.address, '--key', arn, '--in', file),
    ).toEqual([
      ['file', file],
      ['key', arn],
    ])
  })

  test('of two that differ, neither is taken for right', async () => {
    expect(await differing('--key', arn, '--in', others.file)).toHaveLength(2)
  })

  test('a key that does not answer proves nothing', async () => {
    const waiting = await at.createKey()
    expect(await differing('--key', waiting, '--in', file)).toEqual([
      ['key', waiting],
    ])
    expect(await differing('--function', 'nothing', '--in', file)).toEqual([
      ['function', 'nothing'],
    ])
  })
})

test.each([
  [['--address', '0x00000000000000000000000000000000000000aa']],
  [['--in', 'x', '--challenge']],
  [['--key', 'ab'.repeat(32), '--address', key.address]],
])('used wrongly: %j', async (args) => {
  const ran = await at.cli(['key', 'verify', ...args])
  expect([ran.code, ran.stdout]).toEqual([2, ''])
})

import { HDNodeWallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { cast } from '../../../../test/support/cast.js'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const { readHex } = files

describe('recovery phrases on standard input', () => {
  const junk = 'test test test test test test test test test test test junk'
  const paths = [
    undefined,
    "m/44'/60'/0'/0/3",
    "m/44'/60'/7'",
    "m/44h/60H/0'/0/2147483647",
    'm/0/1/2/3',
    'm',
  ]

  test.each(paths)('with the path %s, as in ethers and cast', async (path) => {
    const spelt = path?.replaceAll(/[hH]/g, "'") ?? "m/44'/60'/0'/0/0"
    const reference = HDNodeWallet.fromPhrase(junk, '', spelt)
    const read = await readHex({ stdin: junk, derivationPath: path })
    expect(read).toEqual({
      hex: reference.privateKey.slice(2),
      address: reference.address,
      format: 'mnemonic',
      encrypted: false,
    })
    if (path !== 'm')
      expect(cast('wallet', 'private-key', junk, spelt)).toBe(`0x${read.hex}`)
  })

  test("give anvil's first account", async () => {
    expect(await readHex({ stdin: junk })).toMatchObject({
      address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    })
  })

  test.each([12, 15, 18, 21, 24])('with %i words from cast', async (words) => {
    const said = cast('wallet', 'new-mnemonic', '--words', String(words))
    const [, phrase = ''] = /Phrase:\s+(.+)/.exec(said) ?? []
    const [, expected] = /Address:\s+(0x\w+)/.exec(said) ?? []
    expect(phrase.split(' ')).toHaveLength(words)
    expect(await readHex({ stdin: `${phrase}\n` })).toMatchObject({
      address: expected,
    })
    // One word per line, in capitals.
    expect(
      await readHex({ stdin: phrase.toUpperCase().replaceAll(' ', ' \r\n') }),
    ).toMatchObject({ address: expected })
  })

  test.each(['TREZOR', 'ｶﾞ café', ' '])(
    'with the passphrase %j',
    async (passphrase) => {
      const reference = HDNodeWallet.fromPhrase(junk, passphrase)
      expect(
        await readHex({ stdin: junk, password: passphrase }),
      ).toMatchObject({ address: reference.address })
    },
  )
})

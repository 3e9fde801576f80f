import { join } from 'node:path'
import { encryptKeystoreJsonSync, HDNodeWallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { buildKeystore } from '../../../../test/support/buildKeystore.js'
import { cast } from '../../../../test/support/cast.js'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { byEthers, newKey } from '../../../../test/support/newKey.js'
import { quickenEthers } from '../../../../test/support/quickenEthers.js'
import { soak } from '../../../../test/support/tools.js'

quickenEthers()
const files = createKeyFiles()
afterAll(() => files.dispose())
const { hex, address } = newKey()
const { readHex } = files
const password = 'correct horse'

describe('keystores', () => {
  test('from ethers, with geth-like and light scrypt', async () => {
    // ethers takes seconds for what geth does.
    for (const N of soak ? [4096, 131072] : [4096]) {
      const content = byEthers(`0x${hex}`, password, N)
      expect(await readHex({ content, password })).toEqual({
        hex,
        address,
        format: 'keystore',
        encrypted: true,
      })
    }
  })

  test('from ethers with a recovery phrase, which is also in the file', async () => {
    const wallet = HDNodeWallet.createRandom()
    const { address, privateKey, mnemonic, path } = wallet
    const entropy = mnemonic?.entropy ?? ''
    const content = encryptKeystoreJsonSync(
      { address, privateKey, mnemonic: { entropy, path: path ?? '' } },
      password,
      { scrypt: { N: 4096 } },
    )
    expect(content).toContain('x-ethers')
    expect(await readHex({ content, password })).toMatchObject({
      address: wallet.address,
    })
  })

  test('from cast wallet import', async () => {
    cast(
      'wallet',
      'import',
      'imported',
      '-k',
      files.folder,
      '--private-key',
      `0x${hex}`,
      '--unsafe-password',
      password,
    )
    const path = join(files.folder, 'imported')
    expect(await readHex({ in: path, password })).toMatchObject({
      hex,
      address,
    })
    expect(
      cast('wallet', 'address', '--keystore', path, '--password', password),
    ).toBe(address)
  })

  test('from cast wallet new', async () => {
    const said = cast(
      'wallet',
      'new',
      files.folder,
      'new',
      '--unsafe-password',
      password,
    )
    const [, expected] = /Address:\s+(0x\w+)/.exec(said) ?? []
    expect(
      await readHex({ in: join(files.folder, 'new'), password }),
    ).toMatchObject({ address: expected })
  })

  // The specification's own examples; OpenSSL's scrypt doesn't accept r = 1.
  const definition = {
    pbkdf2: {
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
        ciphertext:
          '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
        kdf: 'pbkdf2',
        kdfparams: {
          c: 262144,
          dklen: 32,
          prf: 'hmac-sha256',
          salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
        },
        mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
      },
      id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
      version: 3,
    },
    scrypt: {
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
        ciphertext:
          'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
        kdf: 'scrypt',
        kdfparams: {
          dklen: 32,
          n: 262144,
          r: 1,
          p: 8,
          salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
        },
        mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
      },
      id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
      version: 3,
    },
  }
  // Other files with r = 1 are in the fuzz test.
  const examples = Object.entries(definition).slice(0, soak ? 2 : 1)
  test.each(examples)(
    "the specification's example, %s",
    async (_name, keystore) => {
      expect(
        await readHex({
          content: JSON.stringify(keystore),
          password: 'testpassword',
        }),
      ).toMatchObject({
        hex: '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d',
        address: '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b',
      })
    },
  )

  test("with wallets' differences: capitals, 0x, a second name, spaces", async () => {
    const { crypto, ...rest } = buildKeystore(Buffer.from(hex, 'hex'), password)
    const kdfparams = {
      ...crypto.kdfparams,
      salt: crypto.kdfparams.salt.toUpperCase(),
    }
    for (const keystore of [
      { ...rest, Crypto: crypto, address: address.toLowerCase() },
      {
        ...rest,
        crypto: { ...crypto, kdfparams, mac: `0x${crypto.mac}` },
        address: address.slice(2).toUpperCase(),
        name: 'x',
        'x-meta': [{ a: 1 }, { a: 2 }],
      },
      { ...rest, crypto, address: '' },
    ])
      expect(
        await readHex({ content: JSON.stringify(keystore, null, 2), password }),
      ).toMatchObject({ hex, address })
  })

  test('with non-ASCII passwords, as geth and as ethers read them', async () => {
    // Ligature, full width, accent as a separate character, emoji.
    for (const typed of ['ﬁrst Ｏne', 'cafe\u0301', 'Schlüssel🔑']) {
      const asTyped = buildKeystore(Buffer.from(hex, 'hex'), typed)
      const content = JSON.stringify(asTyped)
      expect(await readHex({ content, password: typed })).toMatchObject({ hex })
      const written = byEthers(`0x${hex}`, typed)
      expect(
        await readHex({ content: written, password: typed }),
      ).toMatchObject({ hex })
    }
  })
})

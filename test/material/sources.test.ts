import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encryptKeystoreJsonSync, HDNodeWallet, Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { toPkcs8 } from '../../packages/keyfile/src/PrivateKey.js'
import { buildKeystore } from '../support/buildKeystore.js'
import { castPath } from '../support/castPath.js'
import { createKeyFiles, type Reading } from '../support/keyFiles.js'
import { openssl } from '../support/openssl.js'

// Every file is made by a tool that nobody here wrote, and the account is the
// one that ethers and cast say.

const files = createKeyFiles()
afterAll(() => files.dispose())

const password = 'correct horse'
const pass = ['-passout', `pass:${password}`]
const cast = (...args: string[]) =>
  execFileSync(castPath(), args, { encoding: 'utf8', stdio: 'pipe' }).trim()

async function readHex(reading: Reading) {
  const key = await files.read(reading)
  const answer = {
    hex: key.d.toString('hex'),
    address: key.address,
    format: key.format,
    encrypted: key.encrypted,
  }
  key.dispose()
  return answer
}

function byEthers(privateKey: string, secret: string, N = 2): string {
  const { address } = new Wallet(privateKey)
  const scrypt = { N, r: 8, p: 1 }
  return encryptKeystoreJsonSync({ address, privateKey }, secret, { scrypt })
}

/** The key that OpenSSL made, by OpenSSL's text of it. */
function newKey(pem: Buffer) {
  const text = openssl(['ec', '-noout', '-text'], pem).toString()
  const [, priv = ''] = /priv:\n((?:\s+[0-9a-f:]+\n)+)/.exec(text) ?? []
  const hex = priv.replaceAll(/[\s:]/g, '').slice(-64).padStart(64, '0')
  return { hex, address: new Wallet(`0x${hex}`).address }
}

const ecparam = ['ecparam', '-name', 'secp256k1', '-genkey']
const sec1 = openssl([...ecparam, '-noout'])
const { hex, address } = newKey(sec1)
const topk8 = ['pkcs8', '-topk8']
const plain = [...topk8, '-nocrypt']
const encrypt = (...args: string[]) =>
  openssl([...topk8, ...args, ...pass], sec1)

describe('files by OpenSSL', () => {
  const rows: [string, Buffer, 'sec1' | 'pkcs8'][] = [
    ['ecparam -genkey -noout', sec1, 'sec1'],
    ['ec -outform DER', openssl(['ec', '-outform', 'DER'], sec1), 'sec1'],
    [
      'ec -conv_form compressed',
      openssl(['ec', '-conv_form', 'compressed'], sec1),
      'sec1',
    ],
    ['ec -no_public', openssl(['ec', '-no_public'], sec1), 'sec1'],
    ['pkcs8 -nocrypt', openssl(plain, sec1), 'pkcs8'],
    [
      'pkcs8 -nocrypt, DER',
      openssl([...plain, '-outform', 'DER'], sec1),
      'pkcs8',
    ],
    ['pkey', openssl(['pkey'], sec1), 'pkcs8'],
    [
      'pkey of a key without public key',
      openssl(['pkey'], openssl(['ec', '-no_public'], sec1)),
      'pkcs8',
    ],
  ]
  test.each(rows)('%s', async (_name, content, format) => {
    expect(await readHex({ content })).toEqual({
      hex,
      address,
      format,
      encrypted: false,
    })
    // The file's name says nothing; standard input is the same.
    expect(await readHex({ stdin: content, format })).toMatchObject({ address })
  })

  test('ecparam -genkey with the block of parameters', async () => {
    const content = openssl(ecparam)
    expect(content.toString()).toContain('-----BEGIN EC PARAMETERS-----')
    const key = newKey(content)
    expect(await readHex({ content })).toMatchObject(key)
  })

  const encrypted: [string, Buffer, 'sec1' | 'pkcs8'][] = [
    ['pkcs8 -topk8', encrypt(), 'pkcs8'],
    ['pkcs8 -topk8, DER', encrypt('-outform', 'DER'), 'pkcs8'],
    ['pkcs8 -scrypt', encrypt('-scrypt'), 'pkcs8'],
    [
      'pkcs8 -scrypt -scrypt_N 1024 -scrypt_p 3',
      encrypt('-scrypt', '-scrypt_N', '1024', '-scrypt_p', '3'),
      'pkcs8',
    ],
    ...['1', '224', '256', '384', '512'].map(
      (size): [string, Buffer, 'pkcs8'] => [
        `pkcs8 -v2prf hmacWithSHA${size}`,
        encrypt('-v2', 'aes-256-cbc', '-v2prf', `hmacWithSHA${size}`),
        'pkcs8',
      ],
    ),
    ...['aes-128-cbc', 'aes-192-cbc', 'des3'].map(
      (cipher): [string, Buffer, 'pkcs8'] => [
        `pkcs8 -v2 ${cipher}`,
        encrypt('-v2', cipher, '-iter', '1000'),
        'pkcs8',
      ],
    ),
    ...['-aes128', '-aes192', '-aes256', '-des3'].map(
      (cipher): [string, Buffer, 'sec1'] => [
        `ec ${cipher}, with the headers of 1993`,
        openssl(['ec', cipher, ...pass], sec1),
        'sec1',
      ],
    ),
  ]
  test.each(encrypted)('%s', async (_name, content, format) => {
    expect(await readHex({ content, password })).toEqual({
      hex,
      address,
      format,
      encrypted: true,
    })
    await expect(
      files.read({ content, password: 'another' }),
    ).rejects.toMatchObject({
      name: 'WrongPasswordError',
      code: 'wrong-password',
    })
  })

  test('line ends of Windows and of old Macs, a byte order mark, text before', async () => {
    const text = openssl(plain, sec1).toString()
    const legacy = openssl(['ec', '-aes256', ...pass], sec1).toString()
    for (const content of [
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '\r'),
      `\ufeff${text}`,
      text.trimEnd(),
      text.replaceAll('\n', '  \n'),
      `\n\n${text}\n\n`,
      `Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n${text}`,
    ])
      expect(await readHex({ content })).toMatchObject({ hex, address })
    const content = legacy.replaceAll('\n', '\r\n')
    expect(await readHex({ content, password })).toMatchObject({ hex })
  })

  test('what we make for KMS is byte for byte what OpenSSL makes', async () => {
    const key = await files.read({ content: sec1 })
    expect(toPkcs8(key)).toEqual(openssl([...plain, '-outform', 'DER'], sec1))
    expect(toPkcs8(key)).toHaveLength(135)
  })
})

describe('keystores', () => {
  test('by ethers, with geth-like and light scrypt', async () => {
    for (const N of [4096, 131072]) {
      const content = byEthers(`0x${hex}`, password, N)
      expect(await readHex({ content, password })).toEqual({
        hex,
        address,
        format: 'keystore',
        encrypted: true,
      })
    }
  })

  test('by ethers from a recovery phrase, which it hides in the file too', async () => {
    const wallet = HDNodeWallet.createRandom()
    const content = wallet.encryptSync(password)
    expect(content).toContain('x-ethers')
    expect(await readHex({ content, password })).toMatchObject({
      address: wallet.address,
    })
  })

  test('by cast wallet import', async () => {
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

  test('by cast wallet new', async () => {
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

  // The definition's own examples; r = 1 is beyond what OpenSSL's scrypt takes.
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
  test.each(Object.entries(definition))(
    'the example of the definition, %s',
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

  test('in the ways wallets differ: capitals, 0x, a second name, spaces', async () => {
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

  test('passwords beyond ASCII, as geth takes them and as ethers does', async () => {
    // Ligature, full width, accent typed as a letter of its own, emoji.
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

describe('keys with leading zero bytes', () => {
  const scalars = [1, 2, 8, 31].map((zeros) =>
    Buffer.concat([
      Buffer.alloc(zeros),
      Buffer.alloc(32 - zeros, 0x5a),
    ]).toString('hex'),
  )
  test.each(scalars)('%s', async (scalar) => {
    const wallet = new Wallet(`0x${scalar}`)
    const expected = { hex: scalar, address: wallet.address }
    expect(await readHex({ stdin: scalar })).toMatchObject(expected)
    const key = await files.read({ stdin: scalar })
    const pkcs8 = toPkcs8(key)
    // OpenSSL finds it whole, and writes it again in each form.
    openssl(['pkey', '-inform', 'DER', '-check', '-noout'], pkcs8)
    for (const args of [
      ['pkey'],
      ['ec'],
      ['ec', '-no_public'],
      ['pkey', '-outform', 'DER'],
    ]) {
      const content = openssl([...args, '-inform', 'DER'], pkcs8)
      expect(await readHex({ content })).toMatchObject(expected)
    }
    const written = byEthers(wallet.privateKey, password)
    expect(await readHex({ content: written, password })).toMatchObject(
      expected,
    )
    // As wallets wrote it that took the key for a number.
    const stripped = Buffer.from(scalar.replace(/^(00)+/, ''), 'hex')
    const content = JSON.stringify(buildKeystore(stripped, password))
    expect(await readHex({ content, password })).toMatchObject(expected)
    expect(cast('wallet', 'address', '--private-key', `0x${scalar}`)).toBe(
      wallet.address,
    )
  })
})

describe('hex on standard input', () => {
  test.each([
    ['bare', hex],
    ['with 0x', `0x${hex}`],
    ['with 0X and capitals', `0X${hex.toUpperCase()}`],
    ['with a line end', `${hex}\n`],
    ['with blanks and the line end of Windows', ` ${hex} \r\n`],
    ['with a byte order mark', `\ufeff${hex}`],
  ])('%s', async (_name, stdin) => {
    expect(await readHex({ stdin })).toEqual({
      hex,
      address,
      format: 'hex',
      encrypted: false,
    })
  })

  test('arriving in pieces', async () => {
    const { Readable } = await import('node:stream')
    const { readPrivateKey } = await import(
      '../../packages/keyfile/src/readPrivateKey.js'
    )
    const { testTerminal } = await import('../support/testTerminal.js')
    const stdin = Readable.from([...hex].map((digit) => Buffer.from(digit)))
    const key = await readPrivateKey(
      { ...testTerminal(), input: stdin },
      { in: '-' },
    )
    expect(key.address).toBe(address)
  })
})

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

  test.each(paths)(
    'the path %s, as ethers and cast derive it',
    async (path) => {
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
    },
  )

  test("anvil's first account", async () => {
    expect(await readHex({ stdin: junk })).toMatchObject({
      address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    })
  })

  test.each([12, 15, 18, 21, 24])('%i words by cast', async (words) => {
    const said = cast('wallet', 'new-mnemonic', '--words', String(words))
    const [, phrase = ''] = /Phrase:\s+(.+)/.exec(said) ?? []
    const [, expected] = /Address:\s+(0x\w+)/.exec(said) ?? []
    expect(phrase.split(' ')).toHaveLength(words)
    expect(await readHex({ stdin: `${phrase}\n` })).toMatchObject({
      address: expected,
    })
    // Written down one to a line, in capitals.
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

test('a file keeps its bytes', async () => {
  const path = files.write(sec1)
  await files.read({ in: path })
  expect(readFileSync(path)).toEqual(sec1)
})

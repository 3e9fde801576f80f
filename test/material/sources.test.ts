import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type PrivateKeySource,
  type ReadPrivateKey,
  readPrivateKey,
} from '../../packages/cli/src/material/readPrivateKey.js'
import { openssl } from '../support/openssl.js'
import { testTerminal } from '../support/testTerminal.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward material '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const password = 'correct horse'
let files = 0

function write(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `key ${++files}`)
  writeFileSync(path, content, { mode })
  return path
}

async function read(
  source: PrivateKeySource & { password?: string; stdin?: string | Buffer },
): Promise<ReadPrivateKey> {
  const { password, stdin, ...rest } = source
  const terminal = testTerminal(stdin)
  if (password === undefined) return await readPrivateKey(terminal, rest)
  const fd = openSync(write(`${password}\n`), 'r')
  try {
    return await readPrivateKey(terminal, { ...rest, passwordFd: fd })
  } finally {
    closeSync(fd)
  }
}

describe('files by OpenSSL', () => {
  const sec1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
  const der = openssl(['ec', '-outform', 'DER'], sec1)
  const hex = der.subarray(7, 39).toString('hex')
  const { address } = new Wallet(`0x${hex}`)
  const pass = ['-passout', `pass:${password}`]
  const rows: [string, Buffer, string, boolean][] = [
    ['SEC1 PEM', sec1, 'sec1', false],
    ['SEC1 DER', der, 'sec1', false],
    [
      'PKCS#8 PEM',
      openssl(['pkcs8', '-topk8', '-nocrypt'], sec1),
      'pkcs8',
      false,
    ],
    [
      'PKCS#8 DER',
      openssl(['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], sec1),
      'pkcs8',
      false,
    ],
    [
      'scrypt',
      openssl(['pkcs8', '-topk8', '-scrypt', ...pass], sec1),
      'pkcs8',
      true,
    ],
    ['legacy', openssl(['ec', '-aes256', ...pass], sec1), 'sec1', true],
  ]
  test.each(rows)('%s', async (_name, content, format, encrypted) => {
    const key = await read({
      in: write(content),
      ...(encrypted ? { password } : {}),
    })
    expect({
      hex: key.d.toString('hex'),
      address: key.address,
      format: key.format,
      encrypted: key.encrypted,
    }).toEqual({
      hex,
      address,
      format,
      encrypted,
    })
    key.dispose()
    expect(key.d.every((byte) => byte === 0)).toBe(true)
  })
})

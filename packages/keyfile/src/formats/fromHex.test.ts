import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { newKey } from '../../../../test/support/newKey.js'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import { readPrivateKey } from '../readPrivateKey.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const { hex, address } = newKey()
const { readHex } = files

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
    const stdin = Readable.from([...hex].map((digit) => Buffer.from(digit)))
    const key = await readPrivateKey(
      { ...testTerminal(), input: stdin },
      { in: '-' },
    )
    expect(key.address).toBe(address)
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../support/keyFiles.js'
import { openssl } from '../support/openssl.js'
import { keywardBin } from '../support/runCli.js'
import { type Answer, runInTerminal } from '../support/runInTerminal.js'
import { soak } from '../support/tools.js'

// A person at a terminal: what is typed is a secret and is not shown.

const files = createKeyFiles()
afterAll(() => files.dispose())

const keyward = [process.execPath, keywardBin]
const first = /New password \(not shown\): /
const again = /Repeat it: /

describe.runIf(process.platform === 'linux')('a new password', () => {
  const generate = (path: string) => [
    ...keyward,
    ...['key', 'generate', '--format', 'pkcs8', '--out', path],
  ]

  test('is asked for twice, not shown, and opens the file', async () => {
    const path = join(files.folder, 'new.pem')
    const { code, shown } = await runInTerminal(generate(path), [
      // A letter too much and one of two bytes are taken back.
      [first, 'twelve lettersxü\u007f\u007f'],
      [again, 'nonsense\u0015twelve letters'],
    ])
    expect(shown).not.toContain('letters')
    expect(shown).toMatch(/address {2}0x\w{40}/)
    expect(code).toBe(0)
    const key = await files.read({ in: path, password: 'twelve letters' })
    expect(shown).toContain(key.address)
  })

  test('may be pasted, both lines at once', async () => {
    const path = join(files.folder, 'pasted.pem')
    const both = 'twelve letters\ntwelve letters'
    const { code } = await runInTerminal(generate(path), [[first, both]])
    expect(code).toBe(0)
  })

  const refused: [string, string[], string][] = [
    [
      'differs',
      ['twelve letters', 'twelve letterz'],
      'The two passwords differ.',
    ],
    ['is ended by Ctrl-D', ['\u0004'], 'The password is empty.'],
    [
      'is broken off the second time',
      ['twelve letters', '\u0003'],
      'SIGINT stopped the command before it was done.',
    ],
    ['is empty', [''], 'The password is empty.'],
    [
      'holds an arrow key',
      ['abc\u001b[A'],
      'The input contains a control character.',
    ],
    [
      'is broken off by Ctrl-C',
      ['abc\u0003'],
      'SIGINT stopped the command before it was done.',
    ],
    ['is too long', ['x'.repeat(5000)], 'The input is longer than 4096 bytes.'],
  ]
  // The first of each kind: each runs a terminal.
  test.each(refused.slice(0, soak ? undefined : 3))(
    'that %s makes no file',
    async (_name, typed, message) => {
      const path = join(files.folder, 'refused.pem')
      const answers = typed.map((text, i): Answer => [i ? again : first, text])
      const { code, shown } = await runInTerminal(generate(path), answers)
      expect(shown).toContain(message)
      if (message.startsWith('The input'))
        expect(shown).toContain('docs/errors/invalid-input.md')
      expect(shown).not.toMatch(/twelve|abc|xxx/)
      expect(code).toBe(1)
      expect(existsSync(path)).toBe(false)
    },
  )
})

describe.runIf(process.platform === 'linux')('a key', () => {
  const password = 'correct horse'
  const sec1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
  const encrypted = openssl(
    ['pkcs8', '-topk8', '-passout', `pass:${password}`],
    sec1,
  )
  const asked = /Password of the key file \(not shown\): /
  const verify = (path: string, address: string) => [
    ...keyward,
    ...['key', 'verify', '--in', path, '--address', address],
  ]

  test('with a password is read after it was asked for', async () => {
    const { address } = await files.read({ content: sec1 })
    const command = verify(files.write(encrypted), address)
    const { code, shown } = await runInTerminal(command, [[asked, password]])
    expect(shown).toContain(`All belong to ${address}.`)
    expect(shown).not.toContain(password)
    expect(code).toBe(0)
  })

  test('on standard input leaves the terminal for the password', async () => {
    const { address } = await files.read({ content: sec1 })
    const path = files.write(encrypted)
    const piped = [
      'bash',
      '-c',
      'file=$1; shift; cat "$file" | "$@"',
      'bash',
      path,
      ...verify('-', address),
    ]
    const { code, shown } = await runInTerminal(piped, [[asked, password]])
    expect(shown).toContain(`All belong to ${address}.`)
    expect(shown).not.toContain(password)
    expect(code).toBe(0)
  })

  test('typed in is not shown', async () => {
    const hex = '5a'.repeat(32)
    const { address } = new Wallet(`0x${hex}`)
    const { code, shown } = await runInTerminal(verify('-', address), [
      [/recovery phrase \(not shown\): /, hex],
    ])
    expect(shown).toContain(`All belong to ${address}.`)
    expect(shown).not.toContain('5a5a')
    expect(code).toBe(0)
  })
})

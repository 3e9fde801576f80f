import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  bits,
  der,
  embedded,
  integer,
  namedCurve,
  octets,
  pkcs8,
  sec1,
  sequence,
} from '../../../../test/support/der.js'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import {
  d,
  hex,
  point,
  readRefusal,
} from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

describe('invalid paths', () => {
  test('missing, empty, a folder, a device, too long, a loop of links', async () => {
    const at = (name: string) => join(files.folder, name)
    mkdirSync(at('folder'))
    symlinkSync(at('loop'), at('loop'))
    const named = (name: string) => JSON.stringify(at(name))
    expect(await refusal({ in: at('nothing') })).toBe(
      `invalid-input: The key file ${named('nothing')} can't be read.`,
    )
    expect(await refusal({ in: at('loop') })).toBe(
      `invalid-input: The key file ${named('loop')} can't be read.`,
    )
    expect(await refusal({ in: at('folder') })).toBe(
      `invalid-input: The key file ${named('folder')} is not a regular file.`,
    )
    expect(await refusal({ in: '/dev/zero' })).toBe(
      'invalid-input: The key file "/dev/zero" is not a regular file.',
    )
    expect(await refusal({ content: '' })).toMatch(/ is empty\.$/)
    expect(await refusal({ content: Buffer.alloc(65537, 0x61) })).toMatch(
      / has more than 65536 bytes\.$/,
    )
    expect(await refusal({ stdin: Buffer.alloc(65537, 0x61) })).toBe(
      'invalid-input: Standard input has more than 65536 bytes.',
    )
    expect(await refusal({ stdin: '' })).toBe(
      'invalid-input: Standard input contained no key.',
    )
  })

  test('a key in place of a path is not repeated', async () => {
    expect(await refusal({ in: `0x${hex}` })).toBe(
      'invalid-input: The key file "<64 hex digits>" can\'t be read.',
    )
  })

  test('a pipe is read, and a pipe without a writer does not block', async () => {
    const pipe = join(files.folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await refusal({ in: pipe })).toBe(
      `invalid-input: The key file ${JSON.stringify(pipe)} is empty.`,
    )
  })

  test('a file that others can read is read with a warning', async () => {
    const content = pkcs8(sec1(d, embedded(point)))
    for (const [mode, warnings] of [
      [0o600, 0],
      [0o400, 0],
      [0o644, 1],
      [0o620, 1],
    ] as const) {
      const key = await files.read({ in: files.write(content, mode) })
      expect(key.warnings).toHaveLength(warnings)
    }
    const key = await files.read({ in: files.write(content, 0o644) })
    expect(key.warnings[0]).toContain(
      'can be read or changed by other users of this machine (mode 644). Run chmod 600 on the file.',
    )
  })

  test('a failure to read is reported', async () => {
    const unproven = [expect.stringContaining('Compare the address')]
    expect((await files.read({ stdin: hex })).warnings).toEqual(unproven)
    expect((await files.read({ content: pkcs8(sec1(d)) })).warnings).toEqual(
      unproven,
    )
    const explained = sequence(
      integer(1),
      octets(d),
      namedCurve,
      der(0xa1, bits(point)),
    )
    expect((await files.read({ content: explained })).warnings).toEqual([])
  })
})

test('a file is not changed', async () => {
  const content = pkcs8(sec1(d))
  const path = files.write(content)
  await files.read({ in: path })
  expect(readFileSync(path)).toEqual(content)
})

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createLog } from '../runtime/log.js'
import { createGate } from './createGate.js'

// A policy and its code, placed as for a function.

const folder = mkdtempSync(join(tmpdir(), 'keyward gate '))
afterAll(() => rmSync(folder, { recursive: true }))
const text = '{"name":"payouts","mode":"shadow"}'
writeFileSync(join(folder, 'policy.json'), text)
writeFileSync(
  join(folder, 'policy.mjs'),
  'export const open = (text) => JSON.parse(text)',
)

const gateOf = (sha256: string) =>
  createGate(
    {
      ...{ sha256, tableName: undefined, getAccount: undefined },
      folder: pathToFileURL(`${folder}/`),
    },
    createLog('ERROR'),
  )

test("reports its name and mode, or why it can't be read", async () => {
  const sha256 = createHash('sha256').update(text).digest('hex')
  await expect(gateOf(sha256).readPolicy()).resolves.toEqual({
    ...{ name: 'payouts', mode: 'shadow' },
  })
  await expect(gateOf('0'.repeat(64)).readPolicy()).rejects.toMatchObject({
    code: 'policy-mismatch',
  })
})

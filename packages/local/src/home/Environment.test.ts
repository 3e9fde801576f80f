import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  createCredentialStore,
  principalsIn,
} from '../iam/createCredentialStore.js'
import { writeProfiles } from './Environment.js'
import type { readLocalHome } from './readLocalHome.js'

type Running = Extract<ReturnType<typeof readLocalHome>, { running: true }>

test("a stack's roles have profiles, which don't replace the short names", () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyward profiles '))
  try {
    const accountId = '000000000000'
    const store = createCredentialStore({ dataDir, accountId, now: () => 0 })
    const arn = `arn:aws:iam::${accountId}:role`
    const own = `${arn}/treasury-break-glass`
    store.ensure([own, `${arn}/break-glass`, `${arn.slice(0, -5)}:root`])
    const home = {
      ...{ accountId, region: 'us-east-1', endpoint: 'http://127.0.0.1:1' },
      credentials: store.accessKey,
      principals: () => principalsIn(dataDir),
    } as unknown as Running
    const text = readFileSync(writeProfiles(dataDir, home), 'utf8')
    const names = [...text.matchAll(/^\[(.*)\]$/gm)].map(([, name]) => name)
    expect(names.sort()).toEqual([
      ...['admin', 'break-glass', 'importer', 'operator', 'root'],
      ...['treasury-break-glass', 'user'],
    ])
    const keyOf = (name: string) =>
      new RegExp(`\\[${name}\\]\naws_access_key_id = (.*)\n`).exec(text)?.[1]
    expect(keyOf('treasury-break-glass')).toBe(store.accessKey(own).accessKeyId)
    expect(keyOf('break-glass')).toBe(
      store.accessKey('break-glass').accessKeyId,
    )
  } finally {
    rmSync(dataDir, { recursive: true })
  }
})

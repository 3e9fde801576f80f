import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createCredentialStore,
  readAccessKey,
} from './createCredentialStore.js'

const accountId = '000000000000'
let dataDir: string
let nowMs = Date.UTC(2026, 10, 24)

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'keyward-credentials-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const open = () =>
  createCredentialStore({ dataDir, accountId, now: () => nowMs })

test('every principal has its own random keys, kept in a private file', () => {
  const store = open()
  const names = ['operator', 'admin', 'user', 'importer', 'break-glass', 'root']
  const keys = names.map((name) => store.accessKey(name))
  expect(keys.map((key) => key.principalArn)).toEqual([
    'arn:aws:iam::000000000000:user/operator',
    'arn:aws:iam::000000000000:role/keyward-dev-admin',
    'arn:aws:iam::000000000000:role/keyward-dev-user',
    'arn:aws:iam::000000000000:role/keyward-dev-importer',
    'arn:aws:iam::000000000000:role/keyward-dev-break-glass',
    'arn:aws:iam::000000000000:root',
  ])
  for (const key of keys) {
    expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
    expect(key.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
    expect(store.find(key.accessKeyId)).toEqual({
      accessKeyId: key.accessKeyId,
      secretAccessKey: key.secretAccessKey,
      principal: { arn: key.principalArn, account: accountId },
    })
    expect(store.accessKey(key.principalArn)).toEqual(key)
  }
  expect(
    new Set(keys.flatMap((k) => [k.accessKeyId, k.secretAccessKey])).size,
  ).toBe(12)
  expect(statSync(join(dataDir, 'credentials.json')).mode & 0o777).toBe(0o600)
  expect(names.map((name) => open().accessKey(name))).toEqual(keys)
  expect(readAccessKey(dataDir, accountId, 'user')).toEqual(keys[2])
})

test('a principal that an older file lacks gets keys; others keep theirs', () => {
  const kept = open().accessKey('operator')
  const path = join(dataDir, 'credentials.json')
  const file = JSON.parse(readFileSync(path, 'utf8'))
  file.accessKeys = file.accessKeys.slice(0, 1)
  writeFileSync(path, JSON.stringify(file))
  const store = open()
  expect(store.accessKey('operator')).toEqual(kept)
  expect(store.accessKey('root').accessKeyId).toMatch(/^AKIA/)
})

test.each(['nobody', '', 'constructor', 'arn:aws:iam::000000000000:role/x'])(
  'the unknown principal %j is refused with those there are',
  (as) => {
    expect(() => open().accessKey(as)).toThrow(
      `There are no credentials for ${JSON.stringify(as)}. Use one of operator, admin, user, importer, break-glass, root, or one of these ARNs: arn:aws:iam::000000000000:user/operator, `,
    )
  },
)

test("a session's credentials have a token, expire, and are not written", () => {
  const store = open()
  const role = 'arn:aws:iam::000000000000:role/path/keyward-dev-signer'
  const issued = store.issue({ roleArn: role, sessionName: 'session' })
  expect(issued.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
  expect(issued.sessionToken).toMatch(/^[A-Za-z0-9+/]{256}$/)
  expect(store.find(issued.accessKeyId)).toEqual({
    ...issued,
    expiresAt: nowMs + 12 * 3_600_000,
    principal: {
      arn: 'arn:aws:sts::000000000000:assumed-role/keyward-dev-signer/session',
      account: accountId,
      roleArn: role,
    },
  })
  expect(readFileSync(join(dataDir, 'credentials.json'), 'utf8')).not.toContain(
    'ASIA',
  )
  nowMs += 3 * 24 * 3_600_000
  store.issue({ roleArn: role, sessionName: 'later' })
  expect(store.find(issued.accessKeyId)).toBe(undefined)
  expect(() =>
    store.issue({
      roleArn: 'arn:aws:iam::000000000000:user/x',
      sessionName: 's',
    }),
  ).toThrow('arn:aws:iam::000000000000:user/x is not the ARN of a role.')
})

test('a damaged file is an error, not new keys', () => {
  const path = join(dataDir, 'credentials.json')
  writeFileSync(path, '{"format":1,')
  expect(open).toThrow(
    `${path} is not valid JSON. Restore it from a backup, or start again with --reset.`,
  )
  writeFileSync(path, '{"format":2}')
  expect(open).toThrow(
    `${path} has an unknown format, because another version of Keyward wrote it.`,
  )
})

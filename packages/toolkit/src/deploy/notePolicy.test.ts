import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Io } from '../Io.js'
import { notePolicy } from './notePolicy.js'
import { noteUnguarded } from './noteUnguarded.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward note policy '))
afterAll(() => rmSync(folder, { recursive: true }))

async function remarks(mode: string, settings: object): Promise<string[]> {
  const path = join(folder, `${mode}.json`)
  const windows = { calls: { asset: 'requests', length: 'day', limit: '9' } }
  const rules = [
    {
      ...{ id: 'pay', callers: ['payouts'], chains: [11155111], payment: {} },
      windows: ['calls'],
    },
    { id: 'none', effect: 'deny', callers: ['others'] },
  ]
  writeFileSync(path, JSON.stringify({ version: 1, mode, rules, windows }))
  const notes: string[] = []
  const io = {
    notify: ({ text }: { text: string }) => notes.push(text),
  } as unknown as Io
  await notePolicy(io, { policy: path, ...settings })
  return notes
}

test.each([
  'payouts=arn:aws:iam::000000000000:user/a,ops=arn:aws:iam::000000000000:user/b',
  ['payouts=arn:aws:iam::000000000000:user/a'],
  { payouts: 'arn:aws:iam::000000000000:user/a' },
])(
  'a policy that is enforced and fits the stack needs no word',
  async (invokers) => {
    expect(await remarks('enforce', { network: 'sepolia', invokers })).toEqual(
      [],
    )
  },
)

test('a policy that limits nothing yet, or never allows anything, is reported', async () => {
  expect(await remarks('shadow', { network: 'local' })).toEqual([
    'The policy is in shadow mode: it refuses nothing, but logs what it would refuse.',
    "No rule of the policy allows anything on the stack's network, local (chain 31337).",
    "The policy names callers that don't exist in the stack: payouts. The stack has no callers. To add one, pass --invoker payouts=ARN.",
  ])
  expect(
    await remarks('enforce', { network: 'sepolia', invokers: { ops: 'x' } }),
  ).toEqual([
    "The policy names callers that don't exist in the stack: payouts. The stack has ops. To add one, pass --invoker payouts=ARN.",
  ])
})

test('a key that others may use has separate windows for each', async () => {
  const fits = { network: 'sepolia', invokers: 'payouts=x' }
  const existingKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/x'
  expect(await remarks('enforce', { ...fits, existingKeyArn })).toEqual([
    expect.stringContaining('each stack can use the whole limit'),
  ])
  const existingGuardTable = 'treasury-Guard'
  expect(
    await remarks('enforce', { ...fits, existingKeyArn, existingGuardTable }),
  ).toEqual([])
})

test('without a policy there is nothing to report', async () => {
  writeFileSync(join(folder, 'damaged.json'), '{')
  const files = ['missing.json', 'damaged.json'].map((name) =>
    join(folder, name),
  )
  for (const policy of ['', undefined, ...files])
    expect(await remarks('enforce', { policy })).toEqual([])
})

test('users who sign without the policy, and the command that removes them', () => {
  const notes: string[] = []
  const io = {
    notify: ({ text }: { text: string }) => notes.push(text),
  } as unknown as Io
  const users = ['arn:aws:iam::000000000000:role/dev']
  for (const settings of [
    { policy: 'p.json', users, unguardedUsers: true },
    { policy: 'p.json', users: '', unguardedUsers: true },
  ])
    noteUnguarded(io, 'pay', settings as never)
  expect(notes).toEqual([
    `These users sign with the key directly, without the policy (unguardedUsers): ${users[0]}. To remove them: keyward deploy --stack pay -c users=`,
  ])
})

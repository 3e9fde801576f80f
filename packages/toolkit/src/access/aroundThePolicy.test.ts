import type { Resolved } from '@keyward/iam/review'
import { expect, test } from 'vitest'
import { findAroundThePolicy, remainingWays } from './aroundThePolicy.js'

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const [sender, signer, person] = ['t-sender', 't-signer', 'person'].map(role)
const meant = {
  roles: {
    users: [sender, signer, person],
    administrators: [role('admin')],
    deployers: [],
    importers: [role('importer')],
    breakGlass: [],
  },
} as unknown as Resolved
const all = [sender, signer] as string[]

test('whoever signs without a policy that others ask is found', () => {
  const found = findAroundThePolicy(meant, { roles: all, guarded: all })
  expect(found).toMatchObject([
    { code: 'around-the-policy', severity: 'high', who: [person] },
  ])
  const one = { roles: all, guarded: [sender as string] }
  expect(findAroundThePolicy(meant, one).map(({ who }) => who)).toEqual([
    [signer],
    [person],
  ])
})

test('without a policy nobody is past it', () => {
  const none = { roles: all, guarded: [] }
  expect(findAroundThePolicy(meant, none)).toEqual([])
  expect(remainingWays(meant, none)).toBeUndefined()
})

test('who is past it on purpose is told', () => {
  const told = remainingWays(meant, { roles: all, guarded: all })
  expect(told).toContain(`${role('admin')} may change the key’s policy`)
  expect(told).toContain(`${role('importer')} may hold the key`)
})

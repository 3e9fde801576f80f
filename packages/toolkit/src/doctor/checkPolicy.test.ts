import { expect, test } from 'vitest'
import { checkPolicy } from './checkPolicy.js'

const policy_sha256 = 'ab'.repeat(32)

test('shadow mode is reported as limiting nothing, damage as stopping all', () => {
  const about = (more: object) => checkPolicy({ policy_sha256, ...more })
  expect(about({ policy_name: 'pay', policy_mode: 'enforce' })).toEqual([
    {
      ...{ name: 'policy', ok: true },
      found: 'pay, SHA-256 abababababababab..., is enforced',
    },
  ])
  expect(about({ policy_mode: 'shadow', policy_problem: null })).toMatchObject([
    { ok: undefined, found: expect.stringContaining('refuses nothing yet') },
  ])
  expect(
    about({ policy_mode: null, policy_problem: 'The policy is not the one.' }),
  ).toMatchObject([{ ok: false, fix: expect.stringContaining('nothing is') }])
})

test('without a policy, or with another version, nothing is reported', () => {
  for (const answer of [{}, { policy_sha256: null, policy_mode: null }])
    expect(checkPolicy(answer)).toEqual([])
})

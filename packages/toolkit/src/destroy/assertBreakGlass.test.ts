import { expect, test } from 'vitest'
import { assertBreakGlass } from './assertBreakGlass.js'
import type { Plan, PlannedKey } from './Plan.js'
import { whoRetires } from './retireKey.js'

const right = 'arn:aws:iam::111122223333:role/ops/treasury-break-glass'
const session = 'arn:aws:sts::111122223333:assumed-role'
const target = { kind: 'local', endpoint: 'http://127.0.0.1:1' } as const

function check(
  caller: string,
  key: Partial<PlannedKey> = {},
  breakGlass: readonly string[] = [right],
) {
  const planned: PlannedKey = {
    ...{ role: undefined, arn: 'arn:key', state: undefined, fate: 'schedule' },
    ...key,
  }
  const plan: Plan = {
    ...{ stack: 'treasury', status: 'CREATE_COMPLETE', fates: [] },
    ...{
      keys: [planned],
      windowDays: 30,
      deletesMaterial: false,
      breakGlass,
      holders: [],
    },
  }
  const connection = { target, callerArn: async () => caller }
  return assertBreakGlass(connection, 'bg', plan)
}

test("another role is refused, and the key policy's role is named", async () => {
  for (const [caller, name] of [
    [`${session}/keyward-dev-break-glass/me`, 'role/keyward-dev-break-glass'],
    ['arn:aws:iam::111122223333:user/me', 'user/me'],
    [`${session}/treasury-break-glass2/me`, 'role/treasury-break-glass2'],
  ] as const)
    await expect(check(caller)).rejects.toThrow(
      `--break-glass-profile "bg" is arn:aws:iam::111122223333:${name}, which is not allowed to delete the key of treasury.
Nothing was done. In the stack's template, the key's policy allows only ${right}. Pass a profile for that role. keyward env --profiles writes a profile for each role, with the name of the role.`,
    )
})

test.each([
  ['the role itself', right, {}, [right]],
  [
    "a session, which lacks the role's path",
    `${session}/treasury-break-glass/me`,
    {},
    [right],
  ],
  ['a hidden template', `${session}/other/me`, {}, []],
  [
    'a key that the stack did not create',
    `${session}/other/me`,
    { fate: 'keep' },
    [right],
  ],
  [
    'a key whose deletion is scheduled',
    `${session}/other/me`,
    { state: { state: 'PendingDeletion' } as PlannedKey['state'] },
    [right],
  ],
] as const)('nothing is refused for %s', async (_, caller, key, breakGlass) => {
  await check(caller, key, breakGlass)
})

test('the principals are named where the template shows them', () => {
  const role = "the break-glass role that the key's policy names"
  expect(whoRetires({ breakGlass: [] })).toBe(role)
  expect(whoRetires({ breakGlass: [right] })).toBe(`${role} (${right})`)
})

import { expect, test } from 'vitest'
import { plain } from '../../../../test/support/styles.js'
import type { ShownStack } from './showStack.js'
import { shownText } from './statusText.js'

const pin = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const one = {
  ...{ name: 'pay-sender', state: 'Active', lastModified: null, pin },
  ...{ concurrency: 0, policy: 'ab'.repeat(32), network: 'local' },
  ...{ keyId: undefined, opens: [], hidden: [] },
}
const account: ShownStack['accounts'][0] = {
  ...{ role: undefined, key: undefined, pin, hidden: [] },
  address: {
    ...{ address: undefined, reason: 'it is disabled' },
    ...{ mispinned: false, isThere: true },
  },
  funds: { unknown: 'no RPC' },
}
const found = {
  ...{ stack: 'pay', stackStatus: 'CREATE_COMPLETE' },
  ...{ ownKey: true, alias: undefined, safe: undefined, network: 'local' },
  ...{ functions: [one], unguarded: [], hidden: [] },
  frozen: 'yes',
} as const

function text(
  policy: ShownStack['policy'],
  blocked: ShownStack['blocked'] = [],
): string {
  const accounts: ShownStack['accounts'] = [account]
  const shown = { found: { ...found, accounts }, accounts, policy, blocked }
  const style = plain
  return shownText(
    { ...shown, access: undefined, atHome: false, data: {} },
    { style, columns: undefined },
  )
}

test('while nobody tells the address, the pin does', () => {
  expect(text(undefined)).toContain(
    `address  ${pin}  (from the pin: it is disabled)`,
  )
})

test('frozen is never "no" while the state of the key is hidden', () => {
  const frozenOf = (isDisabled?: true) => {
    const address = { ...account.address, isDisabled } as typeof account.address
    const accounts: ShownStack['accounts'] = [{ ...account, address }]
    const running = { ...one, concurrency: null }
    const status = { ...found, functions: [running], frozen: undefined }
    return shownText(
      {
        ...{ found: { ...status, accounts }, accounts, policy: undefined },
        ...{ blocked: [], access: undefined, atHome: false, data: {} },
      },
      { style: plain, columns: undefined },
    )
  }
  expect(frozenOf(true)).toContain('frozen   no key is enabled, so nothing is')
  expect(frozenOf()).toContain('frozen   unknown: ')
})

test('a policy has its name and mode, as far as its functions tell', () => {
  const hash = 'SHA-256 abababababababab...'
  const policy = { name: 'payouts', mode: 'enforce', guardTable: null } as const
  expect(text(policy)).toContain(
    `policy   payouts, in force  (${hash})\nnetwork`,
  )
  expect(text({ ...policy, guardTable: 'pay-Guard' })).toContain(
    `policy      payouts, in force  (${hash})\ncounted in  pay-Guard\n`,
  )
  expect(text({ ...policy, mode: 'shadow' })).toContain(
    `policy   payouts, shadow: refuses nothing  (${hash})\n`,
  )
  expect(text(undefined)).toContain(`policy   ${hash}\n`)
})

test('a transaction behind which all others wait has its remedy', () => {
  expect(text(undefined, ['nonce 5: why', 'what to do:', 'a command'])).toMatch(
    /\n\nBLOCKED: nonce 5: why\nwhat to do:\na command$/,
  )
  expect(text(undefined)).not.toContain('BLOCKED')
})

test('an owner says what it opens, and that messages need a policy', () => {
  const safe = { safe: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }
  const owner = { ...account, role: 'owner-1' }
  const opensOf = (opens: readonly string[], policy: string | null) => {
    const cosigner = { ...one, name: 'pay-cosigner-1', opens, policy }
    const accounts: ShownStack['accounts'] = [owner]
    const status = { ...found, safe, functions: [cosigner], accounts }
    const shown = {
      ...{ found: status, accounts, policy: undefined },
      blocked: [],
    }
    return shownText(
      { ...shown, access: undefined, atHome: false, data: {} },
      { style: plain, columns: undefined },
    )
  }
  const warning = 'no policy for messages'
  const both = opensOf(['owners', 'safe-message'], null)
  expect(both).toContain('opens    owners, safe-message\n')
  expect(both).toContain(warning)
  expect(opensOf(['safe-message'], 'ab'.repeat(32))).not.toContain(warning)
  expect(opensOf(['owners'], null)).not.toContain(warning)
  expect(opensOf([], null)).not.toContain('opens')
})

import { expect, test } from 'vitest'
import { nextStepText } from './nextStepText.js'

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

/** The text after a deployment that created these functions. */
function text({
  kinds = ['sender'],
  network = 'sepolia',
  aliases = ['payouts'],
  added = 'SenderFunction9AB85FEE',
  type = 'AWS::Lambda::Function',
  ownKey = true,
  origin = 'AWS_KMS',
  hasMaterial = true,
}: {
  kinds?: readonly string[]
  network?: string
  aliases?: readonly string[]
  added?: string
  type?: string
  ownKey?: boolean
  origin?: string
  hasMaterial?: boolean
}) {
  const toFunction = (kind: string) => ({ name: `pay-${kind}`, reserved: null })
  const functions = kinds.map(toFunction)
  const [first] = kinds
  const resources = [
    ...['reconciler:admin', 'reconciler:clock', `${first}:status`],
    ...aliases.flatMap((alias) => [`signer:${alias}`, `${first}:${alias}`]),
  ].map((alias) => ({
    ...{ logicalId: alias, status: 'CREATE_COMPLETE' },
    ...{ type: 'AWS::Lambda::Alias', physicalId: `arn:function:pay-${alias}` },
  }))
  const stack = {
    ...{ name: 'pay', id: 'pay', status: 'CREATE_COMPLETE', resources },
    ...{ statusReason: undefined, roleArn: undefined },
    outputs: { KeyAlias: 'alias/pay' },
    terminationProtection: false,
  }
  const Environment = { Variables: { ETH_NETWORK: network } }
  const template = {
    Metadata: { 'Keyward::Settings': { origin } },
    Resources: {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment } },
    },
  }
  const answer = hasMaterial
    ? ({ address, from: 'kms' } as const)
    : {
        ...{ address: undefined, reason: 'no material' },
        ...{ mispinned: false, isThere: true },
      }
  const account = { role: undefined, key: 'key', functions }
  const pinned = { ...account, address: answer, pin: address }
  const change = {
    ...{ action: 'add' as const, type, logicalId: added },
    ...{ physicalId: '', scope: [], properties: [] },
    ...{ maybe: false, policy: undefined },
  } as const
  return nextStepText('pay', [change], {
    stack,
    pinned: {
      parts: { stack, template, accounts: [account], ownKey, functions },
      accounts: [pinned],
      changes: [],
    },
  })
}

test('a new stack: fund its account and send', () => {
  expect(text({})).toBe(`Next steps:
- Fund the account: send ether to ${address}.
- Send a payment:
  keyward send --stack pay --caller payouts --to ADDRESS --amount 0.01`)
  expect(text({ network: 'local', aliases: [] })).toBe(`Next steps:
- Fund the account:
  keyward fund ${address}
- Send a payment:
  keyward send --stack pay --to ADDRESS --amount 0.01`)
})

test('a new stack whose key has no material: import it first', () => {
  const imported = text({ origin: 'EXTERNAL' })
  expect(imported).toBe(text({}))
  expect(text({ origin: 'EXTERNAL', hasMaterial: false })).toBe(
    imported?.replace(
      'Next steps:',
      `Next steps:
- Import the private key. Until then, nothing is signed:
  keyward key import --in FILE --key alias/pay`,
    ),
  )
})

test('a new stack with an existing key that only signs, without callers', () => {
  expect(
    text({ ownKey: false, kinds: ['legacy-signer'], aliases: [] }),
  ).toBe(`Next steps:
- See whether the key's policy lets the functions sign:
  keyward access check --stack pay
- Add a caller. Without one, the functions sign nothing:
  keyward deploy --stack pay --invoker NAME=ROLE_ARN
- Fund the account: send ether to ${address}.
- The stack signs, but does not send. To have it send too:
  keyward deploy --stack pay --rpc-url -`)
})

test('another function of an existing stack: nothing', () => {
  expect(text({ added: 'MessageFunction477FF9F9' })).toBeUndefined()
  const version = {
    added: 'SenderFunctionCurrentVersion2FEEDA4A',
    type: 'AWS::Lambda::Version',
  }
  expect(text(version)).toBeUndefined()
})

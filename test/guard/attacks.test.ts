import {
  evaluate,
  type Policy,
  parsePolicy,
  readQuestion,
} from '@keyward/guard'
import { describe, expect, test } from 'vitest'
import { type Attack, type Attacks, asking } from './attacks/Attack.js'
import { accountCreation } from './attacks/accountCreation.js'
import { calls } from './attacks/calls.js'
import { delegatecalls } from './attacks/delegatecalls.js'
import { delegations } from './attacks/delegations.js'
import { denials } from './attacks/denials.js'
import { grants } from './attacks/grants.js'
import { limits } from './attacks/limits.js'
import { messages, texts } from './attacks/messages.js'
import { modularAccounts } from './attacks/modularAccounts.js'
import { orders } from './attacks/orders.js'
import { permit2Messages } from './attacks/permit2.js'
import { permits } from './attacks/permits.js'
import { safeCalls } from './attacks/safeCalls.js'
import { safeChanges } from './attacks/safeChanges.js'
import { safeTransactions } from './attacks/safeTransactions.js'
import { tokens } from './attacks/tokens.js'
import { transfers } from './attacks/transfers.js'
import { userOperations } from './attacks/userOperations.js'
import type { Asked } from './second/Asked.js'
import { decide as decideAgain } from './second/decide.js'

const all: Readonly<Record<string, Attacks>> = {
  ...{
    transfers,
    tokens,
    calls,
    limits,
    grants,
    delegatecalls,
    delegations,
    messages,
    texts,
    permits,
    orders,
    denials,
  },
  'messages of Permit2': permit2Messages,
  'changes of a Safe': safeChanges,
  'Safe transactions': safeTransactions,
  'calls of a Safe': safeCalls,
  'user operations': userOperations,
  'modular accounts': modularAccounts,
  'accounts that are created': accountCreation,
}

/** With the type that the second evaluator wants said. */
function toAsked(question: Attack[2]): Asked {
  const asked = 'request' in question ? question : asking(question)
  const { request } = asked
  if (request.kind !== 'transaction') return asked
  const { transaction } = request
  const type =
    transaction.authorizationList !== undefined
      ? 'eip7702'
      : transaction.blobVersionedHashes !== undefined
        ? 'eip4844'
        : transaction.gasPrice !== undefined
          ? 'legacy'
          : 'eip1559'
  return {
    ...asked,
    request: { kind: 'transaction', transaction: { ...transaction, type } },
  }
}

function decide({ policy }: Attacks, asked: Asked) {
  const read = readQuestion(JSON.parse(JSON.stringify(asked)), 0)
  const { request, subject, facts } = read
  return evaluate(toPolicy(policy), request, subject, facts)
}

const parsed = new Map<Attacks['policy'], Policy>()
function toPolicy(document: Attacks['policy']): Policy {
  const policy = parsed.get(document) ?? parsePolicy(JSON.stringify(document))
  parsed.set(document, policy)
  return policy
}

/** What an attack and its twin have in common. */
function formOf({ request }: Asked) {
  switch (request.kind) {
    case 'transaction':
      return request.transaction.data?.slice(0, 10)
    case 'typedData':
      return request.typedData.primaryType
    default:
      return request.kind
  }
}

const isNested = (group: Attacks, asked: Asked) =>
  asked.request.kind === 'typedData' || decide(group, asked).actions.length > 1

describe.each(Object.entries(all))('%s', (_, group) => {
  test.each(group.attacks)('%s: refused by %s', (_, end, ...questions) => {
    const [attack, twin] = questions.map(toAsked) as [Asked, Asked]
    const paths = decide(group, attack).reasons.map(({ path }) => path)
    expect(
      paths.some((path) => path.endsWith(end)),
      paths.join('\n') || 'allowed',
    ).toBe(true)
    expect(decide(group, twin)).toMatchObject({
      decision: 'allow',
      reasons: [],
    })
    expect(formOf(attack)).toBe(formOf(twin))
    for (const asked of [attack, twin]) {
      const { decision, rule, actions } = decide(group, asked)
      const again = decideAgain(group.policy, asked)
      expect([again.decision, again.rule]).toEqual([decision, rule])
      expect(again.actions.map((one) => one.rule)).toEqual(
        actions.map((one) => one.rule),
      )
    }
  })
})

test('there are 100 attacks, of which half are nested or typed data', () => {
  const asked = Object.values(all).flatMap((group) =>
    group.attacks.map(([, , attack]) => isNested(group, toAsked(attack))),
  )
  expect(asked.length).toBeGreaterThanOrEqual(100)
  expect(asked.filter(Boolean).length * 2).toBeGreaterThanOrEqual(asked.length)
})

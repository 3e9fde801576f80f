import { expect, test } from 'vitest'
import { checkPolicy } from '../../packages/iam/src/review/checkPolicy.js'
import * as KeyFacts from '../../packages/iam/src/review/KeyFacts.js'
import * as KeyPolicy from '../../packages/iam/src/review/KeyPolicy.js'
import { planPolicy } from '../../packages/iam/src/review/planPolicy.js'
import { sampled } from '../support/sampled.js'
import { soak } from '../support/tools.js'
import { roles, strict, weaknesses } from './weaknesses.js'

const key = KeyFacts.fromArn(
  'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  { origin: 'EXTERNAL', multiRegion: false },
)
const meant = { roles, undecided: [] }
const find = (policy: object) =>
  checkPolicy(KeyPolicy.fromDocument(policy), meant, key)

test('the strict policy has none', () => {
  expect(find(strict())).toEqual([])
})

test.each(sampled(weaknesses, 2))(
  '$name: told in words',
  ({ policy, finding }) => {
    const found = find(policy)
    expect(found.map(({ code }) => code)).toContain(finding.code)
    expect(
      found
        .filter(({ code }) => code === finding.code)
        .map(({ summary }) => summary)
        .join('\n'),
    ).toMatch(finding.says)
  },
)

// A plan takes four reviews: in soak for all of them.
const mendable = weaknesses.filter(({ forever }) => !forever)
test.each(mendable.filter((_, index) => soak || index % 5 === 0))(
  '$name: mended, and nothing else',
  ({ policy, stays = [] }) => {
    const plan = planPolicy(KeyPolicy.fromDocument(policy), meant, key)
    expect(plan.isChange).toBe(true)
    expect(find(plan.document)).toEqual([])
    const kept = policy.Statement.filter(({ Sid }) => stays.includes(`${Sid}`))
    const { Version, Statement } = strict()
    expect(plan.document).toEqual({
      Version,
      Statement: [...Statement, ...kept],
    })
    const again = planPolicy(KeyPolicy.fromDocument(plan.document), meant, key)
    expect(again.isChange).toBe(false)
  },
)

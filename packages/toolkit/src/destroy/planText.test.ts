import { expect, test } from 'vitest'
import type { Style } from '../Style.js'
import type * as Plan from './Plan.js'
import { planText } from './planText.js'

const plain = (text: string) => text
const style: Style = {
  bold: plain,
  dim: plain,
  green: plain,
  red: plain,
  yellow: plain,
  cyan: plain,
}

const fate = (fate: 'remove' | 'gone' | 'stay', type: string, id: string) => ({
  ...{ fate, type: `AWS::${type}`, id },
})

const plan = (fates: Plan.Plan['fates']): Plan.Plan => ({
  ...{ stack: 'payments', status: 'DELETE_COMPLETE', fates, windowDays: 30 },
  deletesMaterial: false,
  keys: [{ role: undefined, arn: 'arn', state: undefined, fate: 'schedule' }],
  ...{ breakGlass: [], holders: [] },
})

test('what is removed or gone is counted, unless all is to be shown', () => {
  const found = plan([
    fate('stay', 'DynamoDB::GlobalTable', 'ledger'),
    fate('remove', 'Logs::LogGroup', 'signer-logs'),
    fate('gone', 'IAM::Role', 'signer'),
    fate('gone', 'IAM::Role', 'sender'),
  ])
  expect(planText(found, style, ['remove', 'gone'])).toBe(`\
Plan for payments (DELETE_COMPLETE):

  keep    DynamoDB::GlobalTable  ledger
  remove  Logs::LogGroup         signer-logs
  gone    2 resources: 2 IAM::Role
          (--verbose lists them)

The logs, the record of what was signed, are deleted too. --keep-logs keeps them.`)
  expect(planText(found, style, [])).toContain(
    '  gone    IAM::Role              sender',
  )
})

test('imported material that is deleted immediately is in the plan', () => {
  const state = { keyId: 'arn', arn: 'arn', state: 'Enabled' }
  const text = (origin: string, deletesMaterial: boolean, due?: Date) =>
    planText(
      {
        ...plan([{ fate: 'schedule', type: 'AWS::KMS::Key', id: 'arn' }]),
        deletesMaterial,
        keys: [
          {
            ...{ role: undefined, arn: 'arn', fate: 'schedule' },
            state: {
              ...{ ...state, origin },
              ...{ deletionDate: due, expires: undefined },
            },
          },
        ],
      },
      style,
      [],
    )
  expect(text('EXTERNAL', true)).toContain(
    'arn  (its imported material now, the key after 30 days)',
  )
  expect(text('EXTERNAL', false)).toContain('arn  (after 30 days)')
  expect(text('AWS_KMS', true)).toContain('arn  (after 30 days)')
  const due = new Date('2026-12-01T10:00:00Z')
  expect(text('EXTERNAL', true, due)).toContain(
    '  DELETE  KMS::Key  arn  (its imported material now, the key on 2026-12-01)',
  )
  expect(text('AWS_KMS', true, due)).toContain(
    '  pending KMS::Key  arn  (will be deleted on 2026-12-01)',
  )
})

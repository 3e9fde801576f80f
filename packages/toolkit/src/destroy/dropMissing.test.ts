import { expect, test } from 'vitest'
import type { AwsConnection } from '../aws/connectAws.js'
import * as Aftermath from './Aftermath.js'
import { dropMissing } from './dropMissing.js'
import type { Fate } from './findRemains.js'
import type { PlannedKey } from './Plan.js'

type Input = { TableName?: string; logGroupNamePrefix?: string }

const answers: Record<string, () => object> = {
  there: () => ({ Table: { TableStatus: 'ACTIVE' } }),
  going: () => ({ Table: { TableStatus: 'DELETING' } }),
  deleted: () => {
    throw Object.assign(new Error(), { name: 'ResourceNotFoundException' })
  },
  hidden: () => {
    throw Object.assign(new Error(), { name: 'AccessDeniedException' })
  },
}
const send = async ({ input }: { input: Input }) =>
  input.TableName === undefined
    ? { logGroups: [{ logGroupName: '/logs/there' }] }
    : answers[input.TableName]?.()
const connection = { open: () => ({ send }) } as unknown as AwsConnection

const table = (id: string, fate: Fate['fate'] = 'stay') => ({
  ...{ type: 'AWS::DynamoDB::GlobalTable', id, fate },
})
const logs = (id: string) =>
  ({ type: 'AWS::Logs::LogGroup', id, fate: 'stay' }) as const

test('what someone has deleted since is gone, what is hidden stays', async () => {
  const fates = await dropMissing(connection, { gone: false }, [
    ...['there', 'going', 'deleted', 'hidden'].map((id) => table(id)),
    table('deleted', 'remove'),
    ...['/logs/there', '/logs'].map(logs),
    { type: 'AWS::KMS::Alias', id: 'alias/a', fate: 'stay' },
  ])
  expect(fates.map(({ fate }) => fate)).toEqual([
    ...['stay', 'gone', 'gone', 'stay'],
    ...['remove', 'stay', 'gone', 'stay'],
  ])
})

test('the log groups of a deleted stack are gone, of an existing one not', async () => {
  const fatesOf = async (gone: boolean) => {
    const removed = ['/logs/there', '/logs'].map(
      (id): Fate => ({ ...logs(id), fate: 'remove' }),
    )
    const fates = await dropMissing(connection, { gone }, removed)
    return fates.map(({ fate }) => fate)
  }
  expect(await fatesOf(true)).toEqual(['remove', 'gone'])
  expect(await fatesOf(false)).toEqual(['remove', 'remove'])
})

test('what is gone costs nothing and needs no command', () => {
  const costsOf = (fates: readonly Fate[], fate: PlannedKey['fate']) => {
    const key = { role: undefined, arn: 'arn:key', state: undefined, fate }
    const { costs, removals } = Aftermath.from(
      { kind: 'local', endpoint: 'http://127.0.0.1:1' },
      {
        ...{ stack: 'own', status: 'DELETE_COMPLETE', windowDays: 30 },
        ...{ breakGlass: [], deletesMaterial: false },
        ...{ fates, keys: [key], holders: [] },
      },
      { steps: [], states: [undefined] },
      {
        ...{ urls: undefined, tokens: [], alsoNetworks: [], keepLogs: true },
        ...{
          windowDays: 30,
          evenWithFunds: false,
          dryRun: false,
          yes: true,
        },
        ...{ withoutBalanceCheck: false, deleteImportedMaterial: false },
        breakGlassProfile: undefined,
      },
    )
    return [...costs, ...removals]
  }
  const gone = { ...logs('/logs'), fate: 'gone' } as const
  expect(costsOf([table('t', 'gone'), gone], 'gone')).toEqual([])
  expect(costsOf([table('t'), logs('/logs')], 'schedule')).toEqual([
    expect.stringMatching(/^the key arn:key, billed monthly/),
    't (AWS::DynamoDB::GlobalTable)',
    '/logs (AWS::Logs::LogGroup)',
    ...[
      expect.stringContaining('update-table'),
      expect.stringContaining('delete-table'),
    ],
    expect.stringContaining('delete-log-group'),
  ])
  // Another stack may use it.
  expect(costsOf([{ ...table('t'), given: true }], 'gone')).toEqual([
    't (AWS::DynamoDB::GlobalTable)',
  ])
})

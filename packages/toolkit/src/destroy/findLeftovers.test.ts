import { expect, test } from 'vitest'
import type { AwsConnection } from '../aws/connectAws.js'
import { findLeftovers, givenTables } from './findLeftovers.js'

const guard = 'pay-Guard64B60F0F-L57YK1G0ONRE'
const logs = 'pay-MessageLogsC5E00DA1-ALEQ37WI5N4S'
const pages: Record<string, object> = {
  first: {
    ...{ LastEvaluatedTableName: 'second' },
    TableNames: [guard, 'pay-eu-Guard64B60F0F-L57YK1G0ONRE', 'pay-Guard'],
  },
  second: {
    TableNames: [
      'pay-SenderLedger0FF8256F-E6NBK5NDXODW',
      'pay-SenderLedger0FF8256F-AAAAAAAAAAAA',
      'pay-Orders0FF8256F-E6NBK5NDXODW',
    ],
  },
}

type Input = { ExclusiveStartTableName?: string; logGroupNamePrefix?: string }

test('the tables and logs of removed parts, by their names', async () => {
  const send = async ({ input }: { input: Input }) =>
    input.logGroupNamePrefix === 'pay-'
      ? { logGroups: [{ logGroupName: logs }, { logGroupName: 'pay-api' }] }
      : pages[input.ExclusiveStartTableName ?? 'first']
  const connection = { open: () => ({ send }) } as unknown as AwsConnection
  const known = [{ physicalId: 'pay-SenderLedger0FF8256F-E6NBK5NDXODW' }]
  const table = { type: 'AWS::DynamoDB::GlobalTable', fate: 'stay' }
  expect(await findLeftovers(connection, 'pay', known)).toEqual([
    { ...table, id: guard },
    { ...table, id: 'pay-SenderLedger0FF8256F-AAAAAAAAAAAA' },
    { type: 'AWS::Logs::LogGroup', id: logs, fate: 'stay' },
  ])
})

test('nothing, for a caller who is not allowed to list them', async () => {
  const send = async () => {
    throw Object.assign(new Error(), { name: 'AccessDeniedException' })
  }
  const connection = { open: () => ({ send }) } as unknown as AwsConnection
  expect(await findLeftovers(connection, 'pay', [])).toEqual([])
})

test('the existing tables that the stack uses, each once', () => {
  const stays = { type: 'AWS::DynamoDB::Table', fate: 'stay' } as const
  const settings = { existingLedgerTable: 'old', existingGuardTable: guard }
  expect(givenTables(settings, [{ ...stays, id: guard }])).toEqual([
    { ...stays, id: 'old', given: true },
  ])
  expect(givenTables({ existingLedgerTable: '' }, [])).toEqual([])
})

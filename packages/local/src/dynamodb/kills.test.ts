import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ledgerTable } from '../../../../test/support/ledgerTable.js'
import { openDynamoDb } from '../../../../test/support/openDynamoDb.js'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'keyward dynamodb '))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** Runs code with `call` in a separate process, which then kills itself. */
async function runKilled(code: string): Promise<string> {
  const url = new URL('./createDynamoDb.ts', import.meta.url)
  const child = spawn(
    process.execPath,
    [
      '--import=tsx',
      '--input-type=module',
      '-e',
      `const { createDynamoDb } = await import(${JSON.stringify(url.href)})
       const principal = { arn: 'arn:aws:iam::000000000000:root', account: '000000000000' }
       const db = await createDynamoDb({
         dataDir: process.argv[1], accountId: '000000000000',
         region: 'us-east-1', authorize: () => {}, now: Date.now,
       })
       const call = (operation, input) => db.call(operation, input, principal)
       const say = (text) => process.stdout.write(text)
       ${code}
       process.kill(process.pid, 'SIGKILL')`,
      dataDir,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
  })
  const [, signal] = await once(child, 'close')
  expect(signal).toBe('SIGKILL')
  return said
}

async function filled(
  call: Awaited<ReturnType<typeof openDynamoDb>>['call'],
  TableName: string,
) {
  for (;;) {
    const { Table } = await call('DescribeTable', { TableName })
    if ((Table as { TableStatus: string }).TableStatus === 'ACTIVE') return
    await setImmediate()
  }
}

const prepare = `
  await call('CreateTable', ${JSON.stringify(ledgerTable('ledger'))})
  await call('UpdateContinuousBackups', {
    TableName: 'ledger',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  })
  for (let i = 0; i < 200; i++) {
    const Item = { pk: { S: 'p' }, sk: { S: String(i) } }
    await call('PutItem', { TableName: 'ledger', Item })
  }`

test('of a restore that was killed nothing is left, and it is done again', async () => {
  const BackupArn = await runKilled(`${prepare}
    const { BackupDetails: { BackupArn } } =
      await call('CreateBackup', { TableName: 'ledger', BackupName: 'nightly' })
    say(BackupArn)
    await call('RestoreTableFromBackup', { TargetTableName: 'restored', BackupArn })`)
  const { call, close } = await openDynamoDb({ dataDir })
  expect(await call('ListTables', {})).toEqual({ TableNames: ['ledger'] })
  const TargetTableName = 'restored'
  await call('RestoreTableFromBackup', { TargetTableName, BackupArn })
  const TableName = TargetTableName
  await filled(call, TableName)
  expect(await call('Scan', { TableName, Select: 'COUNT' })).toEqual({
    Count: 200,
    ScannedCount: 200,
  })
  await close()
})

test('of a backup that was killed nothing is left', async () => {
  await runKilled(`${prepare}
    for (let i = 0; i < 5; i++)
      call('CreateBackup', { TableName: 'ledger', BackupName: 'nightly' })
    const { setImmediate } = await import('node:timers/promises')
    await setImmediate()`)
  const { call, close } = await openDynamoDb({ dataDir })
  const { BackupSummaries } = await call('ListBackups', {})
  for (const { BackupArn } of BackupSummaries as { BackupArn: string }[]) {
    const { BackupDescription } = await call('DescribeBackup', { BackupArn })
    expect(BackupDescription).toMatchObject({
      BackupDetails: { BackupStatus: 'AVAILABLE' },
    })
  }
  expect(await call('ListTables', {})).toEqual({ TableNames: ['ledger'] })
  await close()
})

test('each write that was answered is undone at an earlier time', async () => {
  const said = await runKilled(`${prepare}
    say(String(Date.now()))
    await new Promise((resolve) => setTimeout(resolve, 5))
    for (let i = 0; i < 50; i++)
      await call('DeleteItem', { TableName: 'ledger', Key: { pk: { S: 'p' }, sk: { S: String(i) } } })`)
  const { call, close } = await openDynamoDb({ dataDir })
  const TableName = 'restored'
  await call('RestoreTableToPointInTime', {
    SourceTableName: 'ledger',
    TargetTableName: TableName,
    RestoreDateTime: Number(said) / 1000,
  })
  await filled(call, TableName)
  const count = { Select: 'COUNT' }
  expect(await call('Scan', { TableName, ...count })).toMatchObject({
    Count: 200,
  })
  expect(await call('Scan', { TableName: 'ledger', ...count })).toMatchObject({
    Count: 150,
  })
  await close()
})

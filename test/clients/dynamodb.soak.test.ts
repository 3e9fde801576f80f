import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ledgerTable } from '../support/ledgerTable.js'
import { openDynamoDb, tableArn } from '../support/openDynamoDb.js'
import { run } from '../support/runCli.js'
import { toolPath, without } from '../support/tools.js'

// Backups and restores as Debian's aws asks for them. It is too old to know
// policies of tables.

// A call takes half a second, most of it Python's start: few of them.
describe.skipIf(without('aws'))('Debian aws', () => {
  let home: Awaited<ReturnType<typeof openDynamoDb>>
  beforeAll(async () => {
    home = await openDynamoDb()
  })
  afterAll(() => home.close())

  const ran = (...args: string[]) =>
    run(
      toolPath('aws'),
      [
        ...['--endpoint-url', home.endpoint, '--output', 'json'],
        ...['dynamodb', ...args],
      ],
      {
        env: { ...home.env('operator'), AWS_PAGER: '', HOME: home.dataDir },
        cwd: home.dataDir,
      },
    )
  async function aws(...args: string[]) {
    const { code, stdout, stderr } = await ran(...args)
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`)
    return JSON.parse(stdout)
  }
  const put = (sk: string) =>
    home.call('PutItem', {
      TableName: 'ledger',
      Item: { pk: { S: 'p' }, sk: { S: sk } },
    })
  async function rows(TableName: string) {
    for (;;) {
      const { Table } = await home.call('DescribeTable', { TableName })
      if ((Table as { TableStatus: string }).TableStatus === 'ACTIVE') break
      await setImmediate()
    }
    const { Items } = await home.call('Scan', { TableName })
    return (Items as { sk: { S: string } }[]).map(({ sk }) => sk.S).sort()
  }

  test('backs up and restores a table', async () => {
    const TableName = 'ledger'
    await home.call('CreateTable', ledgerTable(TableName))
    await home.call('UpdateContinuousBackups', {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    })
    await put('a')
    const { BackupDetails } = await aws(
      ...['create-backup', '--table-name', TableName],
      ...['--backup-name', 'nightly'],
    )
    const backup = ['--backup-arn', BackupDetails.BackupArn]
    const before = new Date()
    while (Date.now() <= before.getTime()) await setImmediate()
    await put('b')
    const { BackupDescription } = await aws('describe-backup', ...backup)
    expect(BackupDescription.BackupDetails.BackupStatus).toBe('AVAILABLE')

    const { TableDescription } = await aws(
      'restore-table-from-backup',
      ...['--target-table-name', 'restored', ...backup],
    )
    expect(TableDescription).toMatchObject({
      TableArn: tableArn('restored'),
      TableStatus: 'CREATING',
      RestoreSummary: { RestoreInProgress: true },
    })
    expect(await rows('restored')).toEqual(['a'])

    await aws(
      'restore-table-to-point-in-time',
      ...['--source-table-name', TableName, '--target-table-name', 'earlier'],
      ...['--restore-date-time', before.toISOString()],
    )
    expect(await rows('earlier')).toEqual(['a'])
    const again = await ran(
      'restore-table-to-point-in-time',
      ...['--source-table-name', TableName, '--target-table-name', TableName],
      '--use-latest-restorable-time',
    )
    expect(again).toEqual({
      code: 254,
      stdout: '',
      stderr:
        '\nAn error occurred (TableAlreadyExistsException) when calling the RestoreTableToPointInTime operation: Table already exists: ledger\n',
    })
  })
})

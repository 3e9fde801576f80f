import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// The functions of an earlier release beside the code of this one, on one table.

const run = promisify(execFile)
const fixtures = new URL('../fixtures/ledger-2/', import.meta.url)

let home: SenderHome
let folder: string
beforeAll(async () => {
  home = await openSenderHome()
  folder = await mkdtemp(join(tmpdir(), 'keyward-versions-'))
  for (const name of ['sender', 'reconciler']) {
    const packed = await readFile(new URL(`${name}.mjs.gz`, fixtures))
    await writeFile(join(folder, `${name}.mjs`), gunzipSync(packed))
  }
  await writeFile(
    join(folder, 'invoke.mjs'),
    `const [, , name, event] = process.argv
const { handler } = await import(\`./\${name}.mjs\`)
const context = {
  awsRequestId: 'versions',
  invokedFunctionArn: \`arn:aws:lambda:us-east-1:000000000000:function:\${name}\`,
  getRemainingTimeInMillis: () => 30_000,
}
const answer = await handler(JSON.parse(event), context)
process.stdout.write('\\n' + JSON.stringify(answer) + '\\n')
process.exit(0)
`,
  )
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the earlier function answers. */
async function invoke(name: 'sender' | 'reconciler', event: object) {
  const { credentials, endpoint, region } = home.aws
  const { stdout } = await run(
    process.execPath,
    [join(folder, 'invoke.mjs'), name, JSON.stringify(event)],
    {
      env: {
        PATH: process.env.PATH,
        KMS_KEY_ID: home.keyId,
        ETH_NETWORK: 'local',
        RPC_URL: home.anvil.url,
        LEDGER_TABLE: home.tableName,
        CONFIRMATIONS: '1',
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    },
  )
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** As the function names whoever calls it without an alias. */
const caller = '*'

test('what an earlier release has sent, this one knows and settles', async () => {
  const event = {
    operation: 'send',
    idempotency_key: 'from-before',
    dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
    value_wei: '7',
  }
  const sent = await invoke('sender', event)
  expect(sent).toMatchObject({ status: 'sent', nonce: 0 })
  const again = await home
    .newSender()
    .send(toRequest({ idempotency_key: 'from-before', value_wei: '7' }), {
      caller,
    })
  expect(again).toMatchObject({
    transactionId: sent.transaction_id,
    hash: sent.signed_tx_hash,
  })
  await home.reconcile()
  expect(
    await invoke('sender', {
      operation: 'get',
      transaction_id: sent.transaction_id,
    }),
  ).toMatchObject({ status: 'mined', final: true, checked: true })
})

test('what this release has sent, an earlier one knows and settles', async () => {
  const request = toRequest({ idempotency_key: 'from-now', value_wei: '8' })
  const sent = await home.newSender().send(request, { caller })
  expect(sent).toMatchObject({ status: 'sent', nonce: 1 })
  expect(
    await invoke('sender', {
      operation: 'send',
      idempotency_key: 'from-now',
      dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      value_wei: '8',
    }),
  ).toMatchObject({ signed_tx_hash: sent.hash, nonce: 1 })
  expect(await invoke('reconciler', {})).toMatchObject({ notices: [] })
  const { transactionId } = sent
  expect(
    await home.newSender().get({ transactionId }, { caller }),
  ).toMatchObject({ status: 'mined', final: true })
  expect(await home.anvil.count(home.address)).toBe(2)
})

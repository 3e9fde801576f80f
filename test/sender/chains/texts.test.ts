import { encodeErrorResult, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRpc } from '../../../packages/sender/src/index.js'
import { callDynamo } from '../../support/ledgerTable.js'
import { readSent } from '../../support/nodes/readRaw.js'
import { type Rule, refuse, serveNode } from '../../support/nodes/serveNode.js'
import { openChain, toRequest } from '../../support/openChain.js'
import { chainId } from '../../support/openSenderHome.js'
import { startReceiver } from '../../support/startReceiver.js'

// What nodes and contracts say is anybody's text: characters that a terminal or
// a log acts on arrive nowhere as they are.

/** C0, DEL, C1, zero width, bidirectional, separators, tags, fillers. */
const acting =
  '\u0007\u001b[31m\r\n\u007f\u0085\u009b31m\u200b\u202e\u2066\u2028\u2029\ufeff\u{e0041}\u{e007f}\ufe0f\u3164'

let chain: Awaited<ReturnType<typeof openChain>>
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

async function startSayer(rule: Rule) {
  const node = await serveNode(chain.anvil, rule)
  return { node, rpc: createRpc({ urls: [node.url], chainId }) }
}

/** Every string in a value, however deep, by names and in messages. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Error)
    return [value.name, value.message, ...stringsOf({ ...value })]
  if (typeof value !== 'object' || value === null) return []
  return [...Object.keys(value), ...Object.values(value).flatMap(stringsOf)]
}

const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** Messages of ours have lines; nothing else of the kind. */
function expectPlain(said: unknown): void {
  const lines = stringsOf(said).flatMap((text) => text.split('\n'))
  expect(lines.filter((line) => acts.test(line))).toEqual([])
  expect(JSON.stringify(stringsOf(said))).toContain('u202e')
}

test('a refusal moves nothing in answers, ledger, notices and webhook', async () => {
  const { address } = chain
  const { node, rpc } = await startSayer(async (call) => {
    const sent = await readSent(call)
    // What takes its place is let through.
    if (sent === undefined || sent.to === address) return undefined
    const { error } = Object(refuse(`exceeds block gas limit ${acting}`))
    return { error: { ...error, data: `said ${acting}` } }
  })
  const receiver = await startReceiver()
  const sender = chain.newSender({ rpc, notify: true })
  const said: unknown[] = [await sender.send(toRequest())]
  const options = { rpc, stuckAfterMs: 0, webhook: receiver.webhook }
  for (let runs = 0; runs < 3; runs++) {
    const report = await chain.reconcile(options)
    said.push(report.notices)
    await chain.mine()
  }
  const { transactions } = await sender.list()
  expect(transactions).toMatchObject([{ status: 'refused', final: true }])
  said.push(transactions, receiver.heard)
  said.push(await callDynamo(chain.aws, 'Scan', { TableName: 'ledger' }))
  for (const one of [said[0], transactions, receiver.heard]) expectPlain(one)
  expectPlain(said)
  await receiver.close()
  await node.close()
})

test.each([
  ['a message', refuse(`execution reverted ${acting}`, 3)],
  [
    'a reason',
    {
      error: {
        code: 3,
        message: 'execution reverted',
        data: encodeErrorResult({
          abi: parseAbi(['error Error(string)']),
          errorName: 'Error',
          args: [acting],
        }),
      },
    },
  ],
])('%s of a call that would fail', async (_, answer) => {
  const { node, rpc } = await startSayer(({ method }) =>
    method === 'eth_estimateGas' ? answer : undefined,
  )
  const refusal = await chain
    .newSender({ rpc })
    .send(toRequest())
    .catch((error: unknown) => error)
  expect(refusal).toMatchObject({ name: 'WouldFailError' })
  expectPlain(refusal)
  await node.close()
})

import { join } from 'node:path'
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalHome } from '../../packages/local/src/index.js'
import {
  type Answer,
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'

// Two owners in two accounts, each with a home of its own, on one chain: the
// first has the coordinator, the second a co-signer alone. Bundles are all that
// goes from one to the other.

let chain: SafeChain
let here: MultisigHome
let there: MultisigHome
beforeAll(async () => {
  chain = await openSafeChain()
  here = await openMultisigHome({ ownerNames: ['anna'] }, { chain })
  there = await openMultisigHome(
    { stackName: 'other', ownerNames: ['bert'], coordinator: false },
    { chain, accountId: '111111111111' },
  )
  const owners = [...here.owners, ...there.owners]
  const safe = await here.createSafe(2, owners)
  await here.pin(safe)
  await there.pin(safe)
})
afterAll(async () => {
  await here?.close()
  await there?.close()
  await chain?.close()
})

const payee: Hex = `0x${'cc'.repeat(20)}`
const calls = [{ to: payee, value: '1000' }]

test('the keys are in two accounts', () => {
  const accounts = [here, there].map(({ home }) => home.keys()[0]?.arn)
  expect(accounts).toEqual([
    expect.stringContaining(':000000000000:key/'),
    expect.stringContaining(':111111111111:key/'),
  ])
})

test('no account has enough of them, and the status says so', async () => {
  expect(await here.coordinate({ operation: 'status' })).toMatchObject({
    trust:
      '1 of the 2 necessary signatures can be made in this AWS account, by anyone who deploys to the account or administers it.',
  })
})

test('a payment is approved in both, and executed', async () => {
  const proposal = await here.coordinate({ operation: 'propose', calls })
  const { safe_tx_hash } = proposal
  await here.cosign(1, { operation: 'approve', safe_tx_hash })
  const exported = await here.coordinate({ operation: 'export', safe_tx_hash })
  // What goes out has nobody's signature.
  expect(exported.bundle).toMatchObject({ confirmations: [] })
  const event = { operation: 'approve', bundle: exported.bundle }
  const approved = await there.cosign(1, event)
  expect(approved).toMatchObject({
    ...{ approved: true, signed_now: true, safe_tx_hash },
    bundle: { confirmations: [{ signatureType: 'EOA' }] },
  })
  const { bundle } = approved
  expect(await here.coordinate({ operation: 'import', bundle })).toMatchObject({
    status: 'ready',
    missing: [],
  })
  expect(await here.execute(proposal)).toMatchObject({
    status: 'mined',
    execution: { by: 'relayer' },
  })
  const balance = await chain.anvil.call('eth_getBalance', [payee, 'latest'])
  expect(balance).toBe('0x3e8')
})

test('each looks for itself at what comes from the other account', async () => {
  const { bundle } = (await here.coordinate({
    operation: 'export',
    safe_tx_hash: (
      await here.coordinate({ operation: 'propose', calls })
    ).safe_tx_hash,
  })) as { bundle: Record<string, unknown> }
  const changed: Record<string, unknown> = {
    ...bundle,
    to: here.file.domain.safe,
  }
  const ask = (given: object): Promise<Answer> =>
    there.cosign(1, { operation: 'approve', bundle: given })
  expect(await ask(changed)).toMatchObject({
    errorType: 'ProposalMismatchError',
  })
  const { safeTxHash: _, ...unsaid } = changed
  expect(await ask({ ...unsaid, data: '0x12345678' })).toMatchObject({
    errorType: 'DangerousTransactionError',
  })
  expect(await ask({ ...unsaid, chainId: 1 })).toMatchObject({
    errorType: 'OtherSafeError',
  })
  // Nor does the coordinator take a signature that is not its owner's.
  const [confirmation] = ((await ask(bundle)).bundle as typeof bundle)
    .confirmations as { owner: string; signature: string }[]
  const forged = { ...confirmation, owner: here.owners[0] }
  expect(
    await here.coordinate({
      operation: 'import',
      bundle: { ...bundle, confirmations: [forged] },
    }),
  ).toMatchObject({ errorType: 'BadConfirmationError' })
})

test("a folder stays one account's", async () => {
  const { folder, home } = there
  const dataDir = join(folder, 'home')
  await home.close()
  await expect(
    createLocalHome({ dataDir, port: 0, chain: false }),
  ).rejects.toThrow(/the home of an AWS account other than 000000000000/)
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ensureBuilt } from '../../scripts/build.mjs'
import { provideFolder } from '../../scripts/setup/provideFolder.mjs'

const folder = fileURLToPath(new URL('../../demo/multisig', import.meta.url))

test('npm run demo:multisig pays, refuses three thefts, and is quick', async () => {
  await provideFolder(folder)
  await ensureBuilt()
  const start = Date.now()
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    `${folder}/run.mjs`,
  ])
  expect(Date.now() - start).toBeLessThan(60_000)
  expect(stderr).toBe('')
  const text = stdout
    .replace(/0x[0-9a-fA-F]{40}\b/g, 'ADDRESS')
    .replace(/0x[0-9a-f]{64}/g, 'HASH')
    .replace(/0x[0-9a-f]+…([0-9a-f]+)?/g, 'SHORT')
    .replace(/\d{5} gas/, 'GAS gas')
    .replace(/in \d+ s$/m, 'in N s')
  expect(text).toMatchInlineSnapshot(`
    "
    1. The stack
      MultisigStack, loaded from its template: a key and a function for each of
      three owners, a coordinator without a key, and a relayer that pays the gas.
      None of these can sign for a Safe yet.
      owner 1     ADDRESS  approver anna
      owner 2     ADDRESS  approver bert
      owner 3     ADDRESS  approver cleo
      relayer     ADDRESS  not an owner

    2. The Safe
      Safe 1.4.1: its own contracts, at the addresses that they have on every chain.
      Two of the three owners must approve.
      Safe        ADDRESS
      holds       10 ETH
      Its code, owners, threshold, modules, guard and fallback handler are pinned in
      each co-signer: the stack was deployed again with them.

    3. A payment
      dora        proposes 1 ETH to ADDRESS
                  HASH
      anna        asks owner 1, which reviews and signs
                  simulated by eth_simulateV1: the Safe loses 1 ETH; 0 dangers
                  to compare on a second screen:
                  domain SHORT message SHORT
      dora        asks to execute
                  refused: The transaction has 1 of 2 required signatures.
      bert        asks owner 2, which reviews and signs
                  simulated by eth_simulateV1: the Safe loses 1 ETH; 0 dangers
      dora        asks to execute
                  Executed by the relayer in block 6: the Safe logged
                  ExecutionSuccess.

      receipt     HASH
                  block 6, GAS gas, paid by the relayer
                  ExecutionSuccess(SHORT) by the Safe
      receiver    10000 ETH before, 10001 ETH now
      Safe        9 ETH

    4. Three thefts
      An authorized proposer proposes each of them, as if the owners' web page had
      been taken over. Each owner's function reviews it independently.

      dora        proposes a delegatecall that rewrites slot 0 (as at Bybit)
      owners      1, 2 and 3 each refuse, before KMS is asked:
                  - delegatecall: the code of
                  ADDRESS would run as
                  ADDRESS
                  - storage: afterwards, slot SHORT (the Safe's code) would
                  hold SHORT

      dora        proposes a payment and, in the same batch, handing over a contract
      owners      1, 2 and 3 each refuse, before KMS is asked:
                  - ownership (call 1): transferOwnership (0xf2fde38b) on
                  ADDRESS

      dora        proposes replacing an owner with the thief
      owners      1, 2 and 3 each refuse, before KMS is asked:
                  - owners: swapOwner (0xe318b52b) on
                  ADDRESS

      KMS         was never asked for a signature

    Done in N s
      Here, all keys are in one account, so anyone who deploys to it controls all of
      them. In production, each owner deploys a co-signer in a separate account:
      docs/guides/multisig.md.
    "
  `)
  expect(
    Math.max(...stdout.split('\n').map(({ length }) => length)),
  ).toBeLessThanOrEqual(80)
})

// npm run demo:multisig: three keys in KMS own one Safe. It takes two of them
// to pay, and each looks at what it signs. On this machine, with the template
// and the functions that would be deployed, and Safe's own contracts.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLocalHome } from '@keyward/local'
import { NewSafe } from '@keyward/safe'
import { openActors } from './openActors.mjs'
import { putSafe } from './putSafe.mjs'
import { readPins } from './readPins.mjs'
import { field, indent, paragraph, title } from './say.mjs'
import { steal } from './steal.mjs'
import { synthesize } from './synthesize.mjs'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
const start = Date.now()
const folder = await mkdtemp(join(tmpdir(), 'keyward demo '))
/** @type {Awaited<ReturnType<typeof createLocalHome>> | undefined} */
let home
/** @param {string} [safe] */
async function deploy(safe) {
  const directory = synthesize(join(folder, safe ? 'pinned' : 'first'), safe)
  await home?.close()
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: { port: 0 },
    assembly: { directory },
  })
  return openActors(home)
}

try {
  title('1. The stack')
  paragraph(
    'MultisigStack, loaded from its template: a key and a function for each of three owners, a coordinator without a key, and a relayer that pays the gas. None of these can sign for a Safe yet.',
  )
  const fresh = await deploy()
  for (const { number, name, address } of fresh.owners)
    field(`owner ${number}`, `${address}  approver ${name}`)
  field('relayer', `${fresh.relayer}  not an owner`)

  title('2. The Safe')
  paragraph(
    'Safe 1.4.1: its own contracts, at the addresses that they have on every chain. Two of the three owners must approve.',
  )
  await putSafe(fresh.rpc)
  const plan = {
    owners: fresh.owners.map(({ address }) => address),
    threshold: 2,
    saltNonce: 0n,
  }
  const safe = NewSafe.predictAddress(plan)
  await fresh.rpc.send(NewSafe.toCreation(plan))
  const ether = 10n ** 18n
  await fresh.rpc.setBalance(safe, 10n * ether)
  await fresh.rpc.setBalance(fresh.relayer, ether)
  const pins = await readPins(fresh.rpc.url, safe)
  const actors = await deploy(pins)
  const { rpc, ask, approve } = actors
  field('Safe', JSON.parse(pins).safe)
  field('holds', await rpc.balance(safe))
  paragraph(
    'Its code, owners, threshold, modules, guard and fallback handler are pinned in each co-signer: the stack was deployed again with them.',
  )

  title('3. A payment')
  const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  const before = await rpc.balance(to)
  const calls = [{ to, value: String(ether) }]
  const proposal = await ask('dora', { operation: 'propose', calls })
  const about = { safe_tx_hash: proposal.safe_tx_hash }
  field('dora', `proposes 1 ETH to ${to}`)
  indent(proposal.safe_tx_hash)
  await approve(1, about)
  field('dora', 'asks to execute')
  indent(refusal(await ask('dora', { operation: 'execute', ...about })))
  await approve(2, about)
  field('dora', 'asks to execute')
  let done = await ask('dora', { operation: 'execute', ...about })
  while (done.status === 'executing') {
    await sleep(100)
    done = await ask('dora', { operation: 'get', ...about })
  }
  if (done.status !== 'mined')
    throw new Error(`It was not executed: ${JSON.stringify(done)}`)
  indent(done.why)
  const { tx_hash, block_number } = done.execution
  const receipt = await rpc.call('eth_getTransactionReceipt', [tx_hash])
  console.log()
  field('receipt', tx_hash)
  indent(
    `block ${block_number}, ${BigInt(receipt.gasUsed)} gas, paid by the relayer`,
  )
  indent(`ExecutionSuccess(${about.safe_tx_hash.slice(0, 10)}…) by the Safe`)
  field('receiver', `${before} before, ${await rpc.balance(to)} now`)
  field('Safe', await rpc.balance(safe))

  title('4. Three thefts')
  paragraph(
    "An authorized proposer proposes each of them, as if the owners' web page had been taken over. Each owner's function reviews it independently.",
  )
  await steal(actors, safe)
  const seconds = Math.round((Date.now() - start) / 1000)
  title(`Done in ${seconds} s`)
  paragraph(
    'Here, all keys are in one account, so anyone who deploys to it controls all of them. In production, each owner deploys a co-signer in a separate account: docs/guides/multisig.md.',
  )
} finally {
  await home?.close()
  await rm(folder, { recursive: true, force: true })
}

/** @param {Record<string, any>} answer */
function refusal({ errorType, errorMessage = '' }) {
  if (errorType === undefined) throw new Error('It was not refused.')
  return `refused: ${errorMessage.split('\n')[0]}`
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { App } from 'aws-cdk-lib'
import {
  MultisigStack,
  type MultisigStackProps,
} from '../../../packages/cdk/src/index.js'
import type { Hex } from '../../../packages/core/src/index.js'
import { createRpc } from '../../../packages/core/src/rpc/index.js'
import {
  createLocalHome,
  type LocalHome,
} from '../../../packages/local/src/index.js'
import { Pins, readState, SafeFile } from '../../../packages/safe/src/index.js'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { changeAssembly, type Template } from '../changeAssembly.js'
import { callDynamo } from '../ledgerTable.js'
import { openSafeChain, type SafeChain } from './openSafeChain.js'
import type { SafeVersion } from './safeContracts.js'

export type MultisigHome = Awaited<ReturnType<typeof openMultisigHome>>

/** What a function answered, or the error that it ended with. */
export type Answer = Record<string, unknown> & {
  errorType?: string
  errorMessage?: string
}

type Props = Partial<MultisigStackProps> & {
  readonly stackName?: string
  readonly ownerNames?: readonly string[]
}

const oneEther = 10n ** 18n

/**
 * A home with the stack `treasury` of a multisig, beside a chain with Safe's
 * contracts. Anna, Bert and Cleo approve for an owner each; Dora proposes.
 * `pin` creates the Safe and has the stack know it.
 */
export async function openMultisigHome(
  props: Props = {},
  options: { chain?: SafeChain; accountId?: string } = {},
) {
  const {
    stackName = 'treasury',
    ownerNames = ['anna', 'bert', 'cleo'],
    ...more
  } = props
  const { accountId = '000000000000' } = options
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'keyward multisig '))
  const chain = options.chain ?? (await openSafeChain())
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`
  const lines: string[] = []

  function synthesize(name: string, safe: string | undefined): string {
    const outdir = join(folder, name)
    process.env.CDK_VALIDATION = 'false'
    const app = new App({ outdir })
    new MultisigStack(app, stackName, {
      network: 'local',
      rpcUrl: chain.url,
      administrators: [role('admin')],
      owners: ownerNames.map((owner) => ({
        approvers: { [owner]: role(owner) },
      })),
      ...(more.coordinator !== false && { proposers: { dora: role('dora') } }),
      confirmations: 1,
      newLedger: 'any',
      ...more,
      ...(safe !== undefined && { safe }),
    })
    app.synth()
    return outdir
  }

  const open = (directory: string) =>
    createLocalHome({
      dataDir: join(folder, 'home'),
      port: 0,
      chain: false,
      accountId,
      assembly: { directory },
      onEvent: (line) => lines.push(line),
    })
  let home: LocalHome = await open(synthesize('first', undefined))
  let file: SafeFile.SafeFile | undefined
  let count = 0

  const addressOf = (alias: string) => {
    const name = `alias/${stackName}-${alias}`
    const key = home.keys().find((one) => one.alias === name)
    return String(key?.address).toLowerCase() as Hex
  }
  const owners = ownerNames.map((_, index) => addressOf(`owner-${index + 1}`))

  async function invoke(
    FunctionName: string,
    event: object,
    as: string,
  ): Promise<Answer> {
    const client = new LambdaClient({
      endpoint: home.endpoint,
      region: home.region,
      credentials: home.credentials(
        as === 'operator' || as.includes(':') ? as : role(as),
      ),
      maxAttempts: 1,
    })
    try {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName,
          Payload: JSON.stringify(event),
        }),
      )
      return JSON.parse(answer.Payload?.transformToString() ?? 'null')
    } finally {
      client.destroy()
    }
  }

  /** As the proposer, or another caller, through its own alias. */
  const coordinate = (event: object, as = 'dora') =>
    invoke(`${stackName}-coordinator:${as}`, event, as)

  return {
    get home() {
      return home
    },
    chain,
    folder,
    owners,
    role,
    addressOf,
    /** All that the home and the functions said. */
    lines,
    get file() {
      if (file === undefined) throw new Error('The Safe is not pinned yet.')
      return file
    },
    /**
     * Has the stack know this Safe; its functions start anew.
     *
     * @param change - Of the template, before it is deployed.
     */
    async pin(safe: Hex, change?: (template: Template) => void) {
      const rpc = createRpc({ urls: [chain.url], chainId: chain.chainId })
      const domain = { chainId: chain.chainId, safe }
      file = { domain, pins: Pins.from(await readState(rpc, domain)) }
      const json = JSON.stringify(SafeFile.toJson(file))
      await home.close()
      const name = `pinned ${count++}`
      const directory = synthesize(name, json)
      home = await open(
        change === undefined
          ? directory
          : await changeAssembly(
              directory,
              join(folder, `changed ${name}`),
              change,
            ),
      )
    },
    /** Creates a Safe of these owners with 2 ether, and a relayer that has some. */
    async createSafe(
      threshold = 2,
      all: readonly Hex[] = owners,
      version?: SafeVersion,
    ) {
      const deployed = await chain.deploySafe({
        ...{ owners: all, threshold, saltNonce: BigInt(Date.now()) },
        ...(version && { version }),
      })
      const safe = deployed.toLowerCase() as Hex
      await chain.fund(safe, 2n * oneEther)
      if (more.coordinator !== false)
        await chain.fund(addressOf('relayer'), 10n * oneEther)
      return safe
    },
    invoke,
    coordinate,
    /**
     * Has a proposal executed, and waits for its block.
     *
     * @returns the proposal then, or the refusal
     */
    async execute({ safe_tx_hash }: Answer): Promise<Answer> {
      const about = { safe_tx_hash }
      let answer = await coordinate({ operation: 'execute', ...about })
      const deadline = Date.now() + 15_000
      while (answer.status === 'executing' && Date.now() < deadline) {
        await sleep(50)
        answer = await coordinate({ operation: 'get', ...about })
      }
      return answer
    },
    /** Asks owner n's function, as its approver. */
    cosign(number: number, event: object, as = ownerNames[number - 1] ?? '') {
      return invoke(`${stackName}-cosigner-${number}:${as}`, event, as)
    },
    /** Calls the table of proposals. */
    async table(as: string, operation: string, input: object = {}) {
      const { endpoint } = home
      const call = (who: string, name: string, more: object) =>
        callDynamo(
          { endpoint, credentials: home.credentials(who) },
          ...([name, more] as const),
        )
      const { TableNames } = await call('operator', 'ListTables', {})
      const TableName = (TableNames as string[]).find((name) =>
        name.includes('Proposals'),
      )
      return call(as, operation, { TableName, ...input })
    },
    signs: () => home.stats().operations['kms:Sign'] ?? 0,
    async close() {
      await home.close()
      if (options.chain === undefined) await chain.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

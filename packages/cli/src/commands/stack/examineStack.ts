import { isDescribed } from '@keyward/core/errors'
import { createRpc } from '@keyward/sender'
import { formatEther } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
  invoke,
} from '@keyward/toolkit/aws'
import type { Check } from '@keyward/toolkit/doctor'
import { checkClock, checkProtection } from '@keyward/toolkit/doctor'
import { currencyOf } from '@keyward/toolkit/networks'
import { readNetwork, rpcUrls } from '@keyward/toolkit/node'
import { readStatus, StackName, type StackStatus } from '@keyward/toolkit/stack'
import { checksText } from '../../output/checksText.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { examineAccount } from './examineAccount.js'

export type DoctorOptions = {
  stack?: string | undefined
  caller?: string | undefined
  rpcUrl?: string | undefined
  /** Looks at the account, before a deployment with these settings. */
  aws?: boolean
  settings?: string | undefined
  context?: readonly string[]
}

const localChainId = 31337

/** Looks at all that sending needs, and says what to do. */
export async function examineStack(
  terminal: Terminal,
  options: DoctorOptions,
): Promise<Result> {
  const urls = rpcUrls(terminal, options.rpcUrl)
  if (options.stack !== undefined) StackName.assert(options.stack)
  const connection = await connectAws(terminal)
  try {
    const stack = options.stack ?? StackName.standard(connection.target.kind)
    if (options.aws)
      return await examineAccount(terminal, connection, stack, options)
    const status = await readStatus(connection, stack)
    const checks = [
      checkClock(connection),
      ...checkKey(status),
      ...checkFunctions(status),
      ...(await checkSender(connection, stack, options)),
      ...(await checkProtection(connection, stack)),
      ...(await checkOwnRpc(urls, status)),
    ]
    const isWell = checks.every(({ ok }) => ok !== false)
    return {
      data: { stack, well: isWell, checks },
      text: checksText(checks, terminal, `${stack} can send.`),
      exitCode: isWell ? 0 : 1,
    }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}

function checkKey({ key, address, pin }: StackStatus): Check[] {
  const state: Check =
    key === undefined
      ? {
          name: 'key',
          ok: undefined,
          found: 'may not be seen (kms:DescribeKey)',
        }
      : {
          name: 'key',
          ok: key.state === 'Enabled',
          found: key.state,
          ...(key.state !== 'Enabled' && {
            fix: 'Enable it (keyward unfreeze), import it (keyward key import), or cancel its deletion (keyward key cancel-deletion).',
          }),
        }
  const account: Check =
    address.address === undefined
      ? { name: 'address', ok: undefined, found: address.reason }
      : { name: 'address', ok: true, found: address.address }
  if (pin === undefined || pin === null || address.address === undefined)
    return [state, account]
  const isSame = pin.toLowerCase() === address.address.toLowerCase()
  return [
    state,
    account,
    {
      name: 'pin',
      ok: isSame,
      found: isSame ? 'the same' : `another: ${pin}`,
      ...(!isSame && {
        fix: 'Nothing is signed. Find out why the key is another one before anything else.',
      }),
    },
  ]
}

function checkFunctions({ functions }: StackStatus): Check[] {
  return functions.map(({ name, state, concurrency }) => {
    if (concurrency === 0)
      return {
        name,
        ok: false,
        found: 'stopped',
        fix: 'keyward unfreeze lets it run again.',
      }
    const ok = state === null ? undefined : state === 'Active'
    return { name, ok, found: state ?? 'may not be seen' }
  })
}

async function checkSender(
  connection: AwsConnection,
  stack: string,
  { caller }: DoctorOptions,
): Promise<Check[]> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const name = `${stack}-sender:${caller ?? 'status'}`
  let answer: Record<string, unknown>
  try {
    answer = await invoke(connection.open(LambdaClient), name, {
      operation: 'status',
    })
  } catch (error) {
    const described = AwsCallError.from(error)
    return [
      {
        name: 'sender',
        ok: false,
        found: sentence(described),
        fix: 'It needs lambda:InvokeFunction on the alias status of the sender, or on yours (--caller). A stack without rpcUrl has no sender: deploy it with one.',
      },
    ]
  }
  const { rpc, rpc_problem, balance_wei } = answer
  const { ledger, ledger_problem, max_foreign } = answer
  const chainId = Number(answer.chain_id)
  const endpoints = (Array.isArray(rpc) ? rpc : []) as {
    endpoint: string
    latency_ms: number
    problem: string | null
  }[]
  const address = String(answer.eth_checksum_address)
  const wei = typeof balance_wei === 'string' ? BigInt(balance_wei) : undefined
  return [
    { name: 'sender', ok: true, found: `answers as ${address}` },
    ...(typeof rpc_problem === 'string'
      ? [problem("sender's RPC", rpc_problem, 'Correct rpcUrl or rpcAuth.')]
      : []),
    ...endpoints.map((each) =>
      each.problem === null
        ? {
            name: "sender's RPC",
            ok: true,
            found: `${each.endpoint} serves chain ${chainId}, in ${each.latency_ms} ms`,
          }
        : problem(
            "sender's RPC",
            each.problem,
            `Correct or drop ${each.endpoint} in rpcUrl.`,
          ),
    ),
    ...checkTrust(answer),
    typeof ledger_problem === 'string'
      ? problem('ledger', ledger_problem, ledgerFix(ledger_problem))
      : {
          name: 'ledger',
          ok: true,
          found: `${ledger}, complete; MAX_FOREIGN is ${max_foreign}`,
        },
    wei === undefined
      ? { name: 'funds', ok: undefined, found: 'the chain does not say' }
      : {
          name: 'funds',
          ok: wei > 0n,
          found: `${formatEther(wei)} ${currencyOf(chainId)}`,
          ...(wei === 0n && {
            fix: fundingOf(chainId, address),
          }),
        },
  ]
}

/** No fault: many have one provider, and should know what that means. */
function checkTrust(answer: Record<string, unknown>): Check[] {
  const { rpc_trust: found, final_endpoints: witnesses } = answer
  if (typeof found !== 'string') return []
  const name = "sender's trust"
  if (witnesses !== 1) return [{ name, ok: true, found }]
  const fix =
    "Add a second provider's URL to rpcUrl, and leave finalEndpoints at 2."
  return [{ name, ok: undefined, found, fix }]
}

function ledgerFix(text: string): string {
  if (text.includes('docs/errors/ledger-incomplete.md'))
    return 'Nothing is accepted until then. docs/errors/ledger-incomplete.md has each case; keyward tx repair --dry-run shows what is missing.'
  return text.includes('docs/errors/rpc-')
    ? 'Whether the ledger is complete is known when an RPC answers.'
    : 'Deploy the stack again.'
}

function fundingOf(chainId: number, address: string): string {
  if (chainId !== localChainId)
    return `Send some to ${address}: nothing is mined without a fee.`
  const body = `{"jsonrpc":"2.0","id":1,"method":"anvil_setBalance","params":["${address}","0x56bc75e2d63100000"]}`
  return `Give it 100: curl "$ETH_RPC_URL" -H content-type:application/json -d '${body}'`
}

const problem = (name: string, text: string, fix: string): Check => ({
  name,
  ok: false,
  found: text.split('\n').slice(0, 2).join(' '),
  fix,
})

async function checkOwnRpc(
  urls: readonly string[] | undefined,
  { network: name }: StackStatus,
): Promise<Check[]> {
  const network = readNetwork(name)
  if (urls === undefined || network === undefined)
    return [{ name: 'your RPC', ok: undefined, found: 'none is set' }]
  const rpc = createRpc({ urls, chainId: network.chainId })
  const found = await rpc.check({ deadline: Date.now() + 15_000 })
  return found.map(({ endpoint, latencyMs, error }) =>
    error === undefined
      ? {
          name: 'your RPC',
          ok: true,
          found: `${endpoint} serves ${network.name}, in ${latencyMs} ms`,
        }
      : problem(
          'your RPC',
          sentence(error),
          'Correct --rpc-url, RPC_URL or ETH_RPC_URL.',
        ),
  )
}

function sentence(error: Error): string {
  if (!isDescribed(error)) return error.message.split('\n')[0] ?? ''
  const [first = ''] = (error.details ?? '').split('\n')
  return `${error.shortMessage} ${first}`.trim()
}

import { AwsCallError } from '../aws/AwsCallError.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { invoke } from '../aws/invoke.js'
import { isDenied, isMissing } from '../aws/peek.js'
import { currencyOf, isLocalChain } from '../networks/index.js'
import * as Blocking from '../send/Blocking.js'
import { explainFrozen, StackFrozenError } from '../send/StackFrozenError.js'
import { StackMissingError } from '../stack/StackMissingError.js'
import { formatEther } from '../text/formatEther.js'
import { type Check, problem, sentence } from './Check.js'
import { checkGuard } from './checkGuard.js'
import { checkPolicy } from './checkPolicy.js'
import { unfreeze } from './checkStatus.js'

const fix =
  'This check needs lambda:InvokeFunction on the alias status of the sender, or on your alias (--caller).'

/**
 * Asks the sender for its endpoints, its ledger and its balance.
 *
 * @throws StackMissingError if neither the sender nor another part was seen
 */
export async function checkSender(
  connection: AwsConnection,
  stack: string,
  { caller, isSeen }: { caller: string | undefined; isSeen: boolean },
): Promise<Check[]> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const name = `${stack}-sender:${caller ?? 'status'}`
  const lambda = connection.open(LambdaClient)
  let answer: Record<string, unknown>
  try {
    answer = await invoke(lambda, name, { operation: 'status' })
  } catch (error) {
    if (!isSeen && (isDenied(error) || isMissing(error)))
      throw new StackMissingError(stack, connection.target, { hidden: true })
    if (isDenied(error))
      return [
        {
          name: 'sender',
          ok: undefined,
          found: `not checked: you have no permission (lambda:InvokeFunction on ${name})`,
          fix,
        },
      ]
    const told = await explainFrozen(error, lambda, { stack, name })
    const described = AwsCallError.from(told)
    if (described instanceof StackFrozenError)
      return [
        {
          name: 'sender',
          ok: false,
          found: described.shortMessage,
          fix: unfreeze(stack),
        },
      ]
    return [
      {
        name: 'sender',
        ok: false,
        found: sentence(described),
        fix,
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
    { name: 'sender', ok: true, found: `answers, and signs for ${address}` },
    ...(typeof rpc_problem === 'string'
      ? [problem("sender's RPC", rpc_problem, 'Correct rpcUrl or rpcAuth.')]
      : []),
    ...endpoints.map((each) =>
      each.problem === null
        ? {
            name: "sender's RPC",
            ok: true,
            found: `${each.endpoint} serves chain ${chainId} and answered in ${each.latency_ms} ms`,
          }
        : problem(
            "sender's RPC",
            each.problem,
            `Correct or remove ${each.endpoint} in rpcUrl.`,
          ),
    ),
    ...checkTrust(answer, chainId),
    ...checkPolicy(answer),
    ...checkGuard(answer, stack),
    typeof ledger_problem === 'string'
      ? problem('ledger', ledger_problem, ledgerFix(ledger_problem, stack))
      : {
          name: 'ledger',
          ok: true,
          found: `${ledger} is complete; maxForeign is ${max_foreign}`,
        },
    ...checkQueue(answer, { stack, caller }),
    wei === undefined
      ? {
          name: 'funds',
          ok: undefined,
          found: 'the chain did not return the balance',
        }
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

/**
 * Advice rather than a failure: many users have only one provider, but should
 * know the risk.
 */
function checkTrust(answer: Record<string, unknown>, chainId: number): Check[] {
  const { rpc_trust: found, final_endpoints: witnesses } = answer
  if (typeof found !== 'string') return []
  const name = "sender's trust"
  if (witnesses !== 1) return [{ name, ok: true, found }]
  if (isLocalChain(chainId))
    return [
      { name, ok: true, found: 'one endpoint is enough on the local chain' },
    ]
  const fix =
    'Set rpcUrl to the URLs of at least two providers, and finalEndpoints to 2 (the default).'
  return [{ name, ok: undefined, found, fix }]
}

/** Without a problem, there is nothing to say about the queue. */
function checkQueue(
  answer: Record<string, unknown>,
  options: { stack: string; caller: string | undefined },
): Check[] {
  const blocking = Blocking.from(answer)
  if (blocking === undefined) return []
  const [found, ...fix] = Blocking.toLines(blocking, options)
  return [problem('queue', found, fix.join(' '))]
}

function ledgerFix(text: string, stack: string): string {
  if (text.includes('docs/errors/ledger-incomplete.md'))
    return `No requests are accepted until the ledger is complete. docs/errors/ledger-incomplete.md explains each case; keyward tx repair --stack ${stack} --dry-run shows what is missing.`
  return text.includes('docs/errors/rpc-')
    ? 'The ledger can be checked only when an RPC endpoint answers.'
    : 'Deploy the stack again.'
}

function fundingOf(chainId: number, address: string): string {
  if (!isLocalChain(chainId))
    return `Send some ${currencyOf(chainId)} to ${address}, because every transaction pays a fee.`
  return `To add 100 ETH, run keyward fund ${address}`
}

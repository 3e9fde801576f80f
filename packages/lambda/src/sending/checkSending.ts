import {
  checkLedger,
  defaultMaxForeign,
  type EndpointCheck,
  findBlocking,
} from '@keyward/sender'
import { toFailure } from '../runtime/toFailure.js'
import { readStatus } from '../signing/readStatus.js'
import type { Sending } from './openSending.js'

/**
 * Checks the account, in the signers' form, and everything that sending needs:
 * the chain's endpoints, the ledger, and the funds. The answer lists each
 * problem separately.
 */
export async function checkSending(sending: Sending, deadline: number) {
  const { config, ledger, rpc } = sending
  const status = await readStatus(sending, deadline)
  const address = status.eth_checksum_address.toLowerCase() as `0x${string}`
  const account = { chainId: config.network.chainId, address }
  const reading = rpc
    .request('eth_getBalance', [address, 'latest'], { deadline })
    .then(toWei)
    .catch(() => undefined)
  const [endpoints, providers, balance, blocking, ledgerProblem] =
    await Promise.all([
      checkAll(sending, deadline).catch((error) => problemOf(error)),
      rpc.providers?.({ deadline }).catch(() => []) ?? [],
      reading,
      findBlocking(
        { ledger, rpc, account, balance: reading },
        { deadline, now: Date.now() },
      ).catch(() => null),
      // Makes the same reads as sending does: one of an index, and one of the
      // table.
      ledger
        .listByCaller(account, 'status', { limit: 1, deadline })
        .then(() =>
          checkLedger({ ...config, ledger, rpc, account }, { deadline }),
        )
        .then(() => null)
        .catch((error) => problemOf(error)),
    ])
  const witnesses = providers.length < 2 ? 1 : (config.finalEndpoints ?? 2)
  return {
    ...status,
    rpc: Array.isArray(endpoints) ? endpoints.map(toEndpoint) : [],
    rpc_problem: Array.isArray(endpoints) ? null : endpoints,
    rpc_trust: trust[witnesses],
    final_endpoints: witnesses,
    balance_wei: balance === undefined ? null : String(balance),
    blocking,
    ledger: ledger.tableName,
    ledger_problem: ledgerProblem,
    max_foreign: toLimit(config.maxForeign),
  }
}

/** JSON has no infinity. */
function toLimit(maxForeign = defaultMaxForeign): number | 'unlimited' {
  return Number.isFinite(maxForeign) ? maxForeign : 'unlimited'
}

async function checkAll({ rpc, sendRpc }: Sending, deadline: number) {
  const checks = await Promise.all(
    [rpc, sendRpc].map((one) => one?.check({ deadline }) ?? []),
  )
  return checks.flat()
}

/**
 * Describes what a single endpoint decides, by the number of providers that
 * must agree.
 */
const trust = {
  1:
    'Only one provider reports mined and final transactions, balances and ' +
    'fees, so anyone who controls it can make an unmined payment look mined.',
  2: 'An outcome is final as soon as two providers report the same block and outcome. The first provider is trusted for balances, fees and estimates.',
}

function toEndpoint({ endpoint, latencyMs, error }: EndpointCheck) {
  return {
    endpoint,
    latency_ms: latencyMs,
    problem: error === undefined ? null : problemOf(error),
  }
}

function toWei(answer: unknown): bigint | undefined {
  return typeof answer === 'string' && /^0x[0-9a-f]{1,64}$/.test(answer)
    ? BigInt(answer)
    : undefined
}

function problemOf(error: unknown): string {
  return toFailure(error).message
}

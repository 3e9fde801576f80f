import {
  checkLedger,
  defaultMaxForeign,
  type EndpointCheck,
} from '@keyward/sender'
import { readStatus } from '../readStatus.js'
import { toFailure } from '../toFailure.js'
import type { Sending } from './openSending.js'

/**
 * The account as the signers answer it, and what sending needs: the chain's
 * endpoints, the ledger, and what there is to pay with. What is wrong is told
 * in the answer, each for itself.
 */
export async function checkSending(sending: Sending, deadline: number) {
  const { config, ledger, rpc } = sending
  const status = await readStatus(sending)
  const address = status.eth_checksum_address.toLowerCase() as `0x${string}`
  const account = { chainId: config.network.chainId, address }
  const [endpoints, balance, ledgerProblem] = await Promise.all([
    rpc.check({ deadline }).catch((error) => problemOf(error)),
    rpc
      .request('eth_getBalance', [address, 'latest'], { deadline })
      .then(toWei)
      .catch(() => null),
    // The same reads as in sending: of an index, and of the table.
    ledger
      .listByCaller(account, 'status', { limit: 1, deadline })
      .then(() =>
        checkLedger({ ...config, ledger, rpc, account }, { deadline }),
      )
      .then(() => null)
      .catch((error) => problemOf(error)),
  ])
  return {
    ...status,
    rpc: Array.isArray(endpoints) ? endpoints.map(toEndpoint) : [],
    rpc_problem: Array.isArray(endpoints) ? null : endpoints,
    balance_wei: balance,
    ledger: ledger.tableName,
    ledger_problem: ledgerProblem,
    max_foreign: toLimit(config.maxForeign),
  }
}

/** JSON has no infinity. */
function toLimit(maxForeign = defaultMaxForeign): number | 'unlimited' {
  return Number.isFinite(maxForeign) ? maxForeign : 'unlimited'
}

function toEndpoint({ endpoint, latencyMs, error }: EndpointCheck) {
  return {
    endpoint,
    latency_ms: latencyMs,
    problem: error === undefined ? null : problemOf(error),
  }
}

function toWei(answer: unknown): string | null {
  return typeof answer === 'string' && /^0x[0-9a-f]{1,64}$/.test(answer)
    ? String(BigInt(answer))
    : null
}

function problemOf(error: unknown): string {
  return toFailure(error).message
}

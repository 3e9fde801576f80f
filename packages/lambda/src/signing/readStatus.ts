import type { GuardConfig } from '../runtime/config.js'
import { toFailure } from '../runtime/toFailure.js'
import type { Signer } from './signer.js'

/**
 * The account of the key, read from KMS again. This detects an alias that was
 * moved.
 */
export async function readStatus(
  { config, key, gate }: Signer,
  deadline: number,
) {
  const { network, expectedAddress } = config
  const [{ address, keyRef }, guard] = await Promise.all([
    key.checkAddress({ deadline }),
    readGuardStatus({ config, gate }, deadline),
  ])
  return {
    eth_checksum_address: address,
    key_id: keyRef,
    network: network.name,
    chain_id: network.chainId,
    pinned: expectedAddress !== undefined,
    ...guard,
  }
}

/** The policy, the table of its windows, and any problems. */
export async function readGuardStatus(
  { config, gate }: { config: GuardConfig; gate: Signer['gate'] },
  deadline: number,
) {
  const { policySha256, guardTable } = config
  const [policy, halt] = await Promise.all([
    readPolicy(gate),
    guardTable === undefined ? undefined : findHalt(gate, deadline),
  ])
  return {
    policy_sha256: policySha256 ?? null,
    ...policy,
    guard_table: guardTable ?? null,
    guard_problem: halt ?? null,
  }
}

/** A policy that can't be read allows nothing. */
async function readPolicy(gate: Signer['gate']) {
  const unread = { policy_name: null, policy_mode: null }
  try {
    const policy = await gate?.readPolicy()
    const read = policy && {
      ...{ policy_name: policy.name, policy_mode: policy.mode },
    }
    return { ...(read ?? unread), policy_problem: null }
  } catch (error) {
    return { ...unread, policy_problem: toFailure(error).message }
  }
}

/** The reason why the policy's windows block signing. */
async function findHalt(
  gate: Signer['gate'],
  deadline: number,
): Promise<string | undefined> {
  try {
    const halt = await gate?.readHalt({ deadline })
    return halt && `The guard is halted: ${halt.reason}.`
  } catch (error) {
    return toFailure(error).message
  }
}

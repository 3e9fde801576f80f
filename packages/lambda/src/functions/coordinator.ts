import { AddressField } from '@keyward/core'
import { createCoordinator } from '@keyward/safe'
import { createProposalStore } from '../multisig/createProposalStore.js'
import { createRelayer } from '../multisig/createRelayer.js'
import { readCoordinator } from '../multisig/MultisigConfig.js'
import {
  type CoordinatorOperation,
  readCoordinatorEvent,
} from '../multisig/readEvent.js'
import { SafeNotPinnedError } from '../multisig/SafeNotPinnedError.js'
import { toProposalWire } from '../multisig/toWire.js'
import * as Caller from '../runtime/Caller.js'
import { createLog } from '../runtime/log.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { createSecretReader } from '../secrets/createSecretReader.js'
import { openRpc } from '../sending/openRpc.js'

const config = readCoordinator(process.env)
const log = createLog(config.logLevel)
const { file, network } = config
const relayer = createRelayer(config.relayerFunction)
const coordinator =
  file &&
  createCoordinator({
    ...{ file, relayer, rules: config.rules, lifetimeMs: config.lifetimeMs },
    approvers: config.approvers,
    rpc: openRpc(config, createSecretReader(), log),
    store: createProposalStore(config.table, file.domain),
    now: Date.now,
  })

/** Describes who could use the owners' keys without their consent. */
function describeTrust(threshold: number): string {
  const { ownersBeside } = config
  const who = 'anyone who deploys to the account or administers it'
  if (ownersBeside >= threshold)
    return `${ownersBeside} owners have their keys in this AWS account, and the Safe's threshold is ${threshold}: ${who} can move everything. Keep owners in separate accounts.`
  return `${ownersBeside} of the ${threshold} necessary signatures can be made in this AWS account, by ${who}.`
}

type Call = { caller: string; deadline: number }

/**
 * Stores a Safe's proposals, and lets the relayer execute those that enough
 * owners have signed: `propose`, `list`, `get`, `reject`, `execute`, `export`,
 * `import` and `status`. It has no key. Permissions: GetItem, Query, PutItem
 * and UpdateItem on the table of proposals; `lambda:InvokeFunction` on the
 * relayer.
 */
export const handler = serveInvocations<object>(
  { config, log },
  async ({ event, caller: alias, deadline }) => {
    const asked = await readCoordinatorEvent(event)
    const caller = Caller.fromAlias(alias, config)
    const answer = await perform(asked, { caller, deadline })
    const { operation } = asked
    return {
      answer,
      message: operation,
      audit: !['list', 'get', 'status'].includes(operation),
      fields: {
        ...{ operation, network: network.name, chain_id: network.chainId },
        digest: 'safeTx' in asked ? asked.safeTx : undefined,
      },
    }
  },
)

/** @throws SafeNotPinnedError, and the coordinator's errors */
async function perform(
  asked: CoordinatorOperation,
  call: Call,
): Promise<object> {
  if (coordinator === undefined || file === undefined)
    throw new SafeNotPinnedError()
  switch (asked.operation) {
    case 'list': {
      const { proposals, damaged } = await coordinator.list(call)
      return { proposals: proposals.map(toProposalWire), damaged }
    }
    case 'status': {
      const { state, changes } = await coordinator.status(call)
      return {
        safe: AddressField.toChecksum(file.domain.safe),
        chain_id: network.chainId,
        network: network.name,
        nonce: String(state.nonce),
        threshold: state.threshold,
        owners: state.owners.map(AddressField.toChecksum),
        balance_wei: String(state.balance),
        changes,
        trust: describeTrust(state.threshold),
        relayer: AddressField.toChecksum(await relayer.address(call)),
      }
    }
    case 'propose':
      return toProposalWire(await coordinator.propose(asked.transaction, call))
    case 'import':
      return toProposalWire(await coordinator.import(asked.bundle, call))
    case 'export':
      return { bundle: await coordinator.export(asked.safeTx, call) }
    case 'get':
      return toProposalWire(await coordinator.get(asked.safeTx, call))
    case 'execute':
      return toProposalWire(await coordinator.execute(asked.safeTx, call))
    case 'reject': {
      const { rejected, replacement } = await coordinator.reject(
        asked.safeTx,
        call,
      )
      return {
        ...toProposalWire(rejected),
        replacement: replacement ? toProposalWire(replacement) : null,
      }
    }
  }
}

import { join } from 'node:path'
import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import * as awsJson from '../protocol/awsJson.js'
import { unknownOperation } from '../protocol/jsonOperations.js'
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Service,
} from '../protocol/Service.js'
import { createLateKms } from '../strict/lateKms.js'
import type { Action } from './Action.js'
import * as Arn from './Arn.js'
import { actions } from './actions/actions.js'
import { createThrottle, delay, type KmsFaults, maybeFail } from './Faults.js'
import { createImportSets } from './import/createImportSets.js'
import { type KeyState, stateOf } from './Key.js'
import type { KmsContext } from './KmsContext.js'
import { createAliasStore } from './state/createAliasStore.js'
import { createKeyStore } from './state/createKeyStore.js'
import { createLocks } from './state/createLocks.js'
import { removeDue } from './state/removeDue.js'
import { assertConstraints } from './validation/assertConstraints.js'
import { readInput } from './validation/readInput.js'

export type KmsKey = {
  keyId: string
  arn: string
  state: KeyState
  /** Alias names with the prefix `alias/`, sorted. */
  aliases: string[]
  /**
   * The uncompressed point (65 bytes); undefined while there is no material.
   */
  publicKey: Uint8Array | undefined
}

export type Kms = Service & {
  /**
   * Runs an operation for the home itself, as a request from this principal
   * that passed the protocol's checks, and without simulated faults.
   *
   * @throws AwsError, the operation's error
   */
  call(
    operation: string,
    input: object,
    principal: Principal,
  ): Promise<Record<string, unknown>>
  /** All keys in the order of their creation. */
  keys(): KmsKey[]
  tagsOf(keyId: string): Readonly<Record<string, string>>
  /**
   * Removes a key immediately, which no KMS operation can do. Only for a key
   * that was just created and that no one has seen.
   */
  discard(keyId: string): Promise<void>
  /** Stops the background work. The keys stay on disk. */
  close(): void
}

export declare namespace createKms {
  type Parameters = {
    /** Keys are stored in its subfolder `kms`. */
    dataDir: string
    accountId: string
    region: string
    authorize: Authorize
    /** Milliseconds since the epoch. */
    now: () => number
    faults: () => KmsFaults
    /** Delay until requests see a change; default none. */
    lateMs?: (() => number) | undefined
  }
}

const targetPrefix = 'TrentService.'
// Even without requests, due keys are erased within this time.
const sweepMs = 60_000

/**
 * AWS KMS for ECC_SECG_P256K1 keys as a `Service`. Loads the folder's keys.
 * Each change is on disk before it is answered.
 *
 * @throws Error if a file in the folder can't be read.
 */
export const createKms = (parameters: createKms.Parameters): Kms => {
  const { accountId, region, authorize, now, faults } = parameters
  const folder = join(parameters.dataDir, 'kms')
  const kms: KmsContext = {
    accountId,
    region,
    authorize,
    now,
    keys: createKeyStore(join(folder, 'keys'), (keyId) =>
      Arn.ofKey({ accountId, region }, keyId),
    ),
    aliases: createAliasStore(join(folder, 'aliases')),
    imports: createImportSets(folder, now()),
    lock: createLocks(),
  }
  const throttle = createThrottle()
  const { lateMs } = parameters
  const seenBy = lateMs === undefined ? () => kms : createLateKms(kms, lateMs)
  const sweep = setInterval(() => {
    // If this fails, the next request reports the failure, because it also
    // sweeps first.
    removeDue(kms).catch(() => undefined)
  }, sweepMs)
  sweep.unref()

  const perform = async (
    operation: string,
    body: Uint8Array,
    principal: Principal,
    beforeWork?: (action: Action) => void,
    context = kms,
  ): Promise<object | undefined> => {
    const action = actions.get(operation)
    if (!action) throw unknownOperation('KMS', operation, actions.keys())
    beforeWork?.(action)
    const input = readInput(action.input, body)
    assertConstraints(action.input, input)
    await removeDue(kms)
    return await action.run({ kms: context, operation, principal }, input)
  }

  const serve = async (request: AwsRequest): Promise<AwsResponse> => {
    const bad = faults()
    await delay(bad.kmsLatencyMs)
    const target = request.headers['x-amz-target'] ?? ''
    if (!target.startsWith(targetPrefix))
      throw unknownOperation('KMS', '', actions.keys())
    const operation = target.slice(targetPrefix.length)
    const output = await perform(
      operation,
      request.body,
      request.principal,
      (action) => {
        maybeFail(bad.kmsErrorRate)
        if (action.cryptographic) throttle(bad.kmsThrottle, now())
      },
      seenBy(operation),
    )
    return awsJson.render(output)
  }

  return {
    name: 'kms',
    maxBodyBytes: 1024 * 1024,
    handle: async (request) => {
      try {
        return await serve(request)
      } catch (error) {
        if (error instanceof AwsError) return awsJson.renderError(error)
        throw error
      }
    },
    renderError: (error) => awsJson.renderError(error),
    call: async (operation, input, principal) => {
      const body = Buffer.from(JSON.stringify(input))
      return { ...(await perform(operation, body, principal)) }
    },
    keys: () =>
      kms.keys
        .list()
        .sort((a, b) => a.createdAt - b.createdAt)
        .map((key) => ({
          keyId: key.keyId,
          arn: key.arn,
          state: stateOf(key, now()),
          aliases: kms.aliases.list(key.keyId).map((alias) => alias.name),
          publicKey: key.material?.publicKey,
        })),
    tagsOf: (keyId) => kms.keys.get(keyId)?.tags ?? {},
    discard: (keyId) =>
      kms.lock(`key ${keyId}`, async () => {
        if (kms.keys.get(keyId)) await kms.keys.remove(keyId)
      }),
    close: () => clearInterval(sweep),
  }
}

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { openRpc } from './openRpc.mjs'
import { field, indent } from './say.mjs'
import { approvers, role } from './synthesize.mjs'

/** @param {string} hash */
const short = (hash) => `${hash.slice(0, 10)}…${hash.slice(-8)}`

/** @typedef {ReturnType<typeof openActors>} Actors */

/**
 * Everybody with credentials of their own, over HTTP, as in AWS.
 *
 * @param {import('@keyward/local').LocalHome} home
 */
export function openActors(home) {
  /** @param {string} alias */
  const addressOf = (alias) =>
    /** @type {`0x${string}`} */ (
      home.keys().find((key) => key.alias === `alias/treasury-${alias}`)
        ?.address
    )

  /**
   * @param {string} target
   * @param {object} event
   * @param {string} as
   * @returns {Promise<Record<string, any>>}
   */
  async function invoke(target, event, as) {
    const client = new LambdaClient({
      endpoint: home.endpoint,
      region: home.region,
      credentials: home.credentials(role(as)),
    })
    const { Payload } = await client.send(
      new InvokeCommand({
        FunctionName: `treasury-${target}:${as}`,
        Payload: JSON.stringify(event),
      }),
    )
    client.destroy()
    return JSON.parse(Payload?.transformToString() ?? 'null')
  }

  /**
   * What owner n's function answers to its approver.
   *
   * @param {'approve' | 'review'} operation
   * @returns {(number: number, about: object) => Promise<Record<string, any>>}
   */
  const asking = (operation) => (number, about) =>
    invoke(
      `cosigner-${number}`,
      { operation, ...about },
      approvers[number - 1] ?? '',
    )
  const askOwner = asking('approve')

  return {
    rpc: openRpc(home.rpcUrl ?? ''),
    relayer: addressOf('relayer'),
    owners: approvers.map((name, index) => ({
      ...{ number: index + 1, name },
      address: addressOf(`owner-${index + 1}`),
    })),
    askOwner,
    review: asking('review'),
    /** How often KMS signed. */
    signs: () => home.stats().operations['kms:Sign'] ?? 0,
    /**
     * Asks the coordinator.
     *
     * @param {string} as
     * @param {object} event
     */
    ask: (as, event) => invoke('coordinator', event, as),
    /**
     * @param {number} number
     * @param {object} about
     */
    async approve(number, about) {
      const answer = await askOwner(number, about)
      if (answer.signed_now !== true)
        throw new Error(`Owner ${number} did not sign: ${answer.errorMessage}`)
      const { simulation, findings, domain_hash, message_hash } = answer
      field(
        approvers[number - 1] ?? '',
        `asks owner ${number}, which reviews and signs`,
      )
      indent(
        `simulated by ${simulation.by}: the Safe loses ${Number(simulation.balance_change_wei) / -1e18} ETH; ${findings.length} dangers`,
      )
      if (number > 1) return
      indent('to compare on a second screen:')
      indent(`domain  ${short(domain_hash)}  message ${short(message_hash)}`)
    },
  }
}

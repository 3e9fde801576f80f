import type {
  Answer,
  Exchange,
} from '../../../packages/core/src/aws/createExchange.js'
import type { Process } from '../createScheduler.js'
import type { Fault, Faults } from '../Fault.js'
import type { Random } from '../random.js'
import { createMethods } from './createMethods.js'
import type { SimChain } from './createSimChain.js'
import type { SimNode } from './createSimNode.js'
import { type Lie, tellLie } from './lie.js'
import { Refusal } from './Refusal.js'
import type { Hex } from './SimTransaction.js'

type Call = { id: number; method: string; params: unknown[] }

/**
 * One node as one process reaches it: core's Exchange in virtual time, with
 * the faults that are armed for the process and those of the node.
 */
export function createSimExchange(parameters: {
  chain: SimChain
  node: SimNode
  process: Process
  faults: Faults
  random: Random
  errors: { timeout(timeoutMs: number): Error }
  /** Hears of each hash that a receipt was invented for. */
  invented: (hash: Hex) => void
  tell?: (text: string) => void
}): Exchange {
  const { chain, node, process, faults, random, errors } = parameters
  const methods = createMethods(chain, node)
  const wayMs = () => random.between(2, 40)

  async function silence(timeoutMs: number): Promise<never> {
    await process.wait(timeoutMs)
    throw errors.timeout(timeoutMs)
  }

  /** Whether the node is in this trouble, which is counted once. */
  function suffers(kind: Fault['kind']): Fault | undefined {
    for (const fault of node.faults) if (fault.kind === kind) return fault
    return undefined
  }

  async function serve({ id, method, params }: Call): Promise<Answer> {
    const busy = suffers('node busy')
    if (busy !== undefined) {
      faults.strike(busy)
      return { status: 429, headers: {}, body: '', damage: undefined }
    }
    const body: Record<string, unknown> = { jsonrpc: '2.0', id }
    try {
      body.result = await answer(method, params)
    } catch (error) {
      body.error = toError(
        error instanceof Refusal ? error : new Refusal('invalid input'),
      )
    }
    parameters.tell?.(
      `${process.name} asks ${node.name} ${method} ${brief(params)}: ${brief(body.result ?? body.error)}`,
    )
    const text = JSON.stringify(body)
    return { status: 200, headers: {}, body: text, damage: undefined }
  }

  async function answer(method: string, params: unknown[]): Promise<unknown> {
    chain.manners.before?.({ chain, node })
    for (const kind of ['node lags', 'nodes disagree'] as const) {
      const fault = suffers(kind)
      if (fault !== undefined && node.head() !== chain.head)
        faults.strike(fault)
    }
    const dropping = suffers('node drops')
    if (dropping !== undefined && method === 'eth_sendRawTransaction')
      faults.strike(dropping)
    const lying = suffers('node lies')
    const how = lying?.how as Lie | undefined
    // A node that refuses by a lie may have taken it all the same.
    const isDeaf = how === 'send refused' && random.chance(0.5)
    const isSend = method === 'eth_sendRawTransaction'
    const result = isDeaf && isSend ? null : await honest(method, params)
    if (lying === undefined || how === undefined) return result
    const { invented } = parameters
    const question = { method, params, result }
    const told = tellLie(how, question, { chain, node, random, invented })
    if (told !== result) faults.strike(lying)
    if (told instanceof Refusal) throw told
    return told
  }

  function honest(method: string, params: unknown[]): unknown {
    const known = methods[method]
    if (known === undefined)
      throw new Refusal(`the method ${method} does not exist`, -32601)
    return known(params)
  }

  return async (_, body, timeoutMs) => {
    const call = JSON.parse(body) as Call
    const isSend = call.method === 'eth_sendRawTransaction'
    const silent = suffers('node silent')
    if (silent !== undefined) {
      faults.strike(silent)
      return silence(timeoutMs)
    }
    const reach = (backMs = wayMs()) =>
      process.call(wayMs(), () => serve(call), backMs)
    const fault =
      (isSend ? faults.take('send', process.name) : undefined) ??
      faults.take('ask', process.name)
    switch (fault?.kind) {
      case undefined:
        return reach()
      case 'crash before a send':
        process.kill()
        return silence(0)
      case 'crash after a send':
        return process.call(
          wayMs(),
          async () => {
            const answer = await serve(call)
            process.kill()
            return answer
          },
          wayMs(),
        )
      case 'send done twice':
        await reach()
        return reach()
      case 'answer late': {
        const ms = fault.ms ?? 1000
        if (ms < timeoutMs) return reach(ms)
        void reach(ms).catch(() => {})
        return silence(timeoutMs)
      }
      default:
        void reach().catch(() => {})
        return silence(timeoutMs)
    }
  }
}

const toError = ({ code, message, data }: Refusal) => ({
  code,
  message,
  ...(data === undefined ? {} : { data }),
})

const brief = (value: unknown) => String(JSON.stringify(value)).slice(0, 90)

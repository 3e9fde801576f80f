import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendHttp } from '../sendHttp.js'

/** Where the real chain answers. */
export type Upstream = { url: string }

export type Call = { method: string; params: unknown[] }

export type Answer =
  | { result: unknown }
  | { error: { code: number; message: string; data?: unknown } }

/** What a node answers; undefined for what the chain behind it would say. */
export type Rule = (
  call: Call,
  chain: Chain,
) => Promise<Answer | undefined> | Answer | undefined

/** Asks the chain behind the stand-in. */
export type Chain = {
  ask(method: string, params?: readonly unknown[]): Promise<Answer>
  /** @throws Error when the chain refuses */
  get(method: string, params?: readonly unknown[]): Promise<unknown>
}

export type StandIn = {
  url: string
  /** All that it was asked, in order. */
  calls: Call[]
  chain: Chain
  close(): Promise<void>
}

/** A JSON-RPC node before a real chain that answers as a rule wants. */
export async function serveNode(
  upstream: Upstream,
  rule: Rule,
): Promise<StandIn> {
  const chain = createChain(upstream)
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    response.on('error', () => {})
    try {
      const body = Buffer.concat(await request.toArray()).toString()
      const { id, method, params = [] } = JSON.parse(body)
      const call: Call = { method, params }
      calls.push(call)
      const own = await rule(call, chain)
      const answer = own ?? (await chain.ask(method, params))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
    } catch {
      response.destroy()
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    chain,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function createChain({ url }: Upstream): Chain {
  const headers = {
    'content-type': 'application/json',
    host: new URL(url).host,
  }
  const ask: Chain['ask'] = async (method, params = []) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const { id, jsonrpc, ...answer } = JSON.parse(
      (await sendHttp(url, { headers, body })).body,
    )
    return answer
  }
  return {
    ask,
    async get(method, params) {
      const answer = await ask(method, params)
      if ('error' in answer) throw new Error(answer.error.message)
      return answer.result
    },
  }
}

/** The first answer of several rules. */
export function firstOf(...rules: readonly Rule[]): Rule {
  return async (call, chain) => {
    for (const rule of rules) {
      const answer = await rule(call, chain)
      if (answer !== undefined) return answer
    }
    return undefined
  }
}

export const refuse = (message: string, code = -32000): Answer => ({
  error: { code, message },
})

export const answer = (result: unknown): Answer => ({ result })

export const missing = (method: string): Answer =>
  refuse(`the method ${method} does not exist/is not available`, -32601)

export const toHex = (value: bigint | number): string =>
  `0x${value.toString(16)}`

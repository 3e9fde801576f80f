import { type Action, none } from './Action.js'
import { decode, known, type Signature, signature } from './abi.js'
import type { Document } from './Document.js'
import { dangersOf } from './dangers.js'
import { flowsOf } from './flowsOf.js'
import { callsWithin } from './runs.js'
import type { Tuple } from './Value.js'

export type Call = {
  from: string | undefined
  to: string
  value: bigint
  data: string
  delegate: boolean
}

export type Read = Call & {
  chain: bigint
  /** Of the decoded call. */
  signature?: Signature
  args?: Tuple
  /** The function as which an undecoded call begins. */
  begins?: Signature
}

/** More than 1,000 actions are not read. */
export class TooMany extends Error {}

/** A call and those within it, from the outside in, in order. */
export function readCall(
  call: Call,
  chain: bigint,
  path: string,
  policy: Document,
  level = 0,
  actions: Action[] = [],
): Action[] {
  if (actions.length > 1001) throw new TooMany()
  const { to, value } = call
  const data = call.data.toLowerCase()
  let read: Read = { ...call, data, chain, ...find(data, policy) }
  let within: readonly Call[] = []
  if (read.signature && read.args) {
    const found = callsWithin(read)
    if (found === 'unreadable' || (found.length > 0 && level === 8)) {
      const { signature, args: _, ...rest } = read
      read = { ...rest, begins: signature }
    } else within = found
  }
  actions.push({
    ...none,
    path,
    kind: data === '0x' ? 'payment' : 'call',
    chain,
    to,
    value,
    data,
    ...(read.args && { args: read.args }),
    ...(read.signature && { signature: read.signature }),
    flows: data === '0x' ? [] : flowsOf(read, policy),
    dangers: dangersOf(read, policy),
  })
  for (const [at, one] of within.entries())
    readCall(
      one,
      chain,
      path === '' ? `${at}` : `${path}.${at}`,
      policy,
      level + 1,
      actions,
    )
  return actions
}

function find(
  data: string,
  policy: Document,
): Pick<Read, 'signature' | 'args' | 'begins'> {
  const declared = (policy.functions ?? []).map((one) => signature(one, false))
  const one = [...known, ...declared].find(
    ({ selector }) => selector === data.slice(0, 10),
  )
  const args = one && decode(one, data)
  if (args) return { signature: one, args }
  return one ? { begins: one } : {}
}

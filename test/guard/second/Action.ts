import type { Signature } from './abi.js'
import type { SignIn } from './signIn.js'
import type { Tuple } from './Value.js'

export type Flow = { asset: string; amount: bigint; recipient: string }

export type Kind =
  | 'payment'
  | 'call'
  | 'create'
  | 'typedData'
  | 'message'
  | 'authorization'
  | 'digest'

/** One thing that a request does. */
export type Action = {
  path: string
  kind: Kind
  chain?: bigint
  to?: string
  value: bigint
  data: string
  /** Of the decoded call, or of typed data. */
  args?: Tuple
  /** Of the decoded call. */
  signature?: Signature
  flows: readonly Flow[] | 'unknown'
  dangers: readonly string[]
  deadlines: readonly bigint[]
  typedData?: {
    kind: string | undefined
    primaryType: string
    lacks: readonly string[]
  }
  message?: { kind: string; text: string | undefined; signIn?: SignIn }
}

export const none: Pick<
  Action,
  'value' | 'data' | 'flows' | 'dangers' | 'deadlines'
> = { value: 0n, data: '0x', flows: [], dangers: [], deadlines: [] }

export const most = 2n ** 256n - 1n
export const zero = `0x${'0'.repeat(40)}`

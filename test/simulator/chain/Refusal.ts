import type { Hex } from './SimTransaction.js'

/** A node's refusal, as JSON-RPC has it; without a stack, which costs time. */
export class Refusal {
  readonly message: string
  readonly code: number
  readonly data: Hex | undefined
  constructor(message: string, code = -32000, data?: Hex) {
    this.message = message
    this.code = code
    this.data = data
  }
}

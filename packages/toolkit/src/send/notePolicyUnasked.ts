import { type Io, note } from '../Io.js'
import type { SenderStatus } from './SenderAccess.js'

/** A dry run asks only the chain, so the stack may refuse what it shows. */
export function notePolicyUnasked(
  io: Io,
  { hasPolicy }: Pick<SenderStatus, 'hasPolicy'>,
): void {
  if (!hasPolicy) return
  note(
    io,
    "The stack's policy was not evaluated and might refuse this. To evaluate it without sending anything, run keyward policy check.",
  )
}

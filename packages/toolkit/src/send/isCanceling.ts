import type { GetWire } from '@keyward/sender'

/**
 * Whether a transaction may still be mined but its sender tries to prevent
 * that: because of `cancel`, or because `valid_until` has passed.
 */
export function isCanceling({
  final,
  block_number: block,
  cancel_requested: isRequested,
  attempts,
}: Pick<
  GetWire,
  'final' | 'block_number' | 'cancel_requested' | 'attempts'
>): boolean {
  const isOpen = !final && block === null
  return isOpen && (isRequested || attempts.at(-1)?.purpose === 'cancel')
}

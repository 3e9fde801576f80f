/** Code for requests that ended because their nonce came from a false head. */
export const unreachableCode = 'unreachable-nonce'

/**
 * How close the chain must come to such a nonce before a cancel is signed for
 * it.
 */
export const nearUnreachable = 1000n

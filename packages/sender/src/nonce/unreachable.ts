/** Code for requests that ended because their nonce came from a false head. */
export const unreachableCode = 'unreachable-nonce'

/** Distance to such a nonce at which a cancel is signed for it. */
export const nearUnreachable = 1000n

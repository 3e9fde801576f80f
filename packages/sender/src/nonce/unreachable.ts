/** Why a request ended whose nonce a false head gave. */
export const unreachableCode = 'unreachable-nonce'

/** How near the chain comes to such a nonce before a cancel is signed for it. */
export const nearUnreachable = 1000n

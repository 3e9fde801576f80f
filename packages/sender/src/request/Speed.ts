/** How soon a transaction should be mined, which determines its fees. */
export const speeds = ['slow', 'normal', 'fast'] as const
export type Speed = (typeof speeds)[number]

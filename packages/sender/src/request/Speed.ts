/** How soon it should be mined, and so how much it pays. */
export const speeds = ['slow', 'normal', 'fast'] as const
export type Speed = (typeof speeds)[number]

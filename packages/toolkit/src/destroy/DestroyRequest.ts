import type { Chain } from './checkFunds.js'

/** What to destroy, and which checks to make first. */
export type DestroyRequest = {
  /** Nodes of the chain on which the functions send. */
  urls: readonly string[] | undefined
  /** Token contracts to check. */
  tokens: readonly string[]
  /** Other chains to check. */
  alsoNetworks: readonly Chain[]
  evenWithFunds: boolean
  withoutBalanceCheck: boolean
  breakGlassProfile: string | undefined
  deleteImportedMaterial: boolean
  windowDays: number
  keepLogs: boolean
  dryRun: boolean
  yes: boolean
}

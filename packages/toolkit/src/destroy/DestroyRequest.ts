import type { Chain } from './checkFunds.js'

/** What is to be destroyed, and how carefully. */
export type DestroyRequest = {
  /** The nodes of the functions' chain. */
  urls: readonly string[] | undefined
  /** Contracts of tokens to look for. */
  tokens: readonly string[]
  /** Chains to look at too. */
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

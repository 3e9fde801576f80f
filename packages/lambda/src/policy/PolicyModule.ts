import type { Guard, GuardOptions, SigningGuard } from '@keyward/guard'

/** What the bundle `policy.mjs` exports, as the functions use it. */
export type PolicyModule<guard extends SigningGuard = Guard> = {
  /**
   * @param settings.tableName - Where windows are counted.
   * @throws for a text that is no policy, or that counts without a table
   */
  readonly open: (
    text: string,
    settings: {
      tableName: string | undefined
      version: string
      getAccount: GuardOptions['getAccount']
    },
  ) => guard
}

import type { Guard, GuardOptions, SigningGuard } from '@keyward/guard'

/** The exports of the bundle `policy.mjs` that the functions use. */
export type PolicyModule<guard extends SigningGuard = Guard> = {
  /**
   * @param settings.tableName - The table that counts the windows.
   * @throws if the policy is invalid, or has windows but no table
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

import { InputError, quote } from '@keyward/core/errors'
import { Option } from 'commander'
import type { Input } from './Input.js'

const origins = ['AWS_KMS', 'EXTERNAL'] as const

export type Origin = (typeof origins)[number]

/** The words that some commands accepted before all of them used AWS's. */
const old: Readonly<Record<string, Origin>> = {
  aws: 'AWS_KMS',
  external: 'EXTERNAL',
}

/** The origin of the private key, with AWS's names in every command. */
export const origin: Input<Origin | undefined> = {
  declared: new Option(
    '--origin <origin>',
    'who generates the private key: KMS (AWS_KMS), or you (EXTERNAL)',
  ),
  read(typed) {
    if (typed === undefined) return undefined
    const given = String(typed)
    const found = origins.find((each) => each === given)
    if (found !== undefined) return found
    const now = old[given]
    throw new InputError(
      now === undefined
        ? `--origin ${quote(given)} is not a valid origin.`
        : `--origin ${given} was renamed.`,
      {
        details:
          now === undefined
            ? 'Allowed origins: AWS_KMS, EXTERNAL.'
            : `Pass --origin ${now}.`,
      },
    )
  },
}

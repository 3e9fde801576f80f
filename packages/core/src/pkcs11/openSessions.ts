import { loadCryptoki } from './Cryptoki.js'
import { createSessions, type Sessions } from './createSessions.js'
import { Pkcs11ConfigurationError } from './errors.js'

export type Pkcs11Options = {
  /** Path of the token's library, for example `/opt/cloudhsm/lib/libcloudhsm_pkcs11.so`. */
  library: string
  /** The crypto user's PIN; CloudHSM expects `USER:PASSWORD`. */
  pin: string
  /** Maximum number of concurrent signatures. @default 4 */
  sessions?: number | undefined
} & ({ tokenLabel: string } | { slot: number })

/**
 * @param user - The CKU_ user that the PIN belongs to.
 * @throws Pkcs11ConfigurationError
 */
export async function openSessions(
  options: Pkcs11Options,
  user?: number,
): Promise<Sessions> {
  const { library, pin, sessions = 4 } = options
  if (typeof library !== 'string' || library === '')
    throw new Pkcs11ConfigurationError(
      "the path of the token's library is missing",
    )
  if (typeof pin !== 'string' || pin === '')
    throw new Pkcs11ConfigurationError('the PIN is missing')
  if (!Number.isInteger(sessions) || sessions < 1 || sessions > 64)
    throw new Pkcs11ConfigurationError(
      `sessions is ${sessions}; allowed: 1 to 64`,
    )
  const token =
    'slot' in options
      ? { slot: options.slot }
      : { tokenLabel: options.tokenLabel }
  const cryptoki = await loadCryptoki(library)
  return createSessions(cryptoki, {
    token,
    pin,
    count: sessions,
    ...(user === undefined ? {} : { user }),
  })
}

import type { KeyService } from '../KeyService.js'
import type { Handle } from './Cryptoki.js'
import { mechanism } from './constants.js'
import type { Sessions } from './createSessions.js'
import { Pkcs11ResponseError } from './errors.js'
import { findKey, readSpki, type TokenKey } from './findKey.js'
import { openSessions, type Pkcs11Options } from './openSessions.js'
import * as Session from './Session.js'
import { toDer } from './toDer.js'

/** A key service backed by a token. Close it when done. */
export type Pkcs11Service = KeyService & {
  /** Closes idle sessions immediately, and the others once they are idle. */
  close(): Promise<void>
}

/**
 * Signs with keys on a PKCS#11 token, such as CloudHSM or SoftHSM2. The package
 * `koffi` must be installed. A key's id is its label, or a PKCS#11 URI.
 *
 * Anyone with the PIN can sign without this library and so bypass every policy.
 *
 * @throws Pkcs11ConfigurationError; later Pkcs11PinError, Pkcs11KeyError,
 * Pkcs11TimeoutError, Pkcs11ResponseError, Pkcs11Error
 * @example
 * const service = await createPkcs11Service({
 *   library: '/usr/lib/softhsm/libsofthsm2.so',
 *   tokenLabel: 'treasury',
 *   pin,
 * })
 * const key = await SigningKey.connect({ service, keyId: 'payouts' })
 */
export async function createPkcs11Service(
  options: Pkcs11Options,
): Promise<Pkcs11Service> {
  const sessions = await openSessions(options)
  const keys = createKeys(sessions)
  return {
    getPublicKey: (keyId, call) =>
      sessions.run(
        'return the public key',
        async (session) => {
          const key = await keys.find(session, keyId)
          const spki = await readSpki(session, key, keyId)
          return { spki, keyRef: key.keyRef }
        },
        call,
      ),
    async signDigest(keyId, digest, call) {
      const bytes = digest.slice()
      return sessions.run(
        'return a signature',
        async (session) => {
          const { handle, keyRef } = await keys.find(session, keyId)
          const raw = await sign(session, handle, bytes)
          return { der: toDer(raw), keyRef }
        },
        call,
      )
    },
    close: () => sessions.close(),
  }
}

/** Caches the keys found, as long as their handles are valid. */
function createKeys(sessions: Sessions) {
  const found = new Map<string, TokenKey>()
  let era = sessions.era
  return {
    async find(session: Session.Session, keyId: string): Promise<TokenKey> {
      if (era !== sessions.era) found.clear()
      era = sessions.era
      const key = found.get(keyId) ?? (await findKey(session, keyId))
      found.set(keyId, key)
      return key
    },
  }
}

async function sign(
  session: Session.Session,
  handle: Handle,
  digest: Uint8Array,
): Promise<Uint8Array> {
  const how = session.cryptoki.toMechanism(mechanism.ecdsa)
  await Session.call(session, 'C_SignInit', how, handle)
  const raw = new Uint8Array(256)
  const length: Handle[] = [raw.length]
  await Session.call(session, 'C_Sign', digest, digest.length, raw, length)
  if (Number(length[0]) !== 64)
    throw new Pkcs11ResponseError(
      'C_Sign',
      `it has ${length[0]} bytes, but r and s together have 64`,
    )
  return raw.subarray(0, 64)
}

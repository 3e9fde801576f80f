import { keyType, objectClass } from '../constants.js'
import type { Pkcs11Options } from '../openSessions.js'
import type * as Session from '../Session.js'
import { createKey } from './createKey.js'
import { destroyKey } from './destroyKey.js'
import { findOaepHash } from './findOaepHash.js'
import { listKeys, type TokenKeyInfo } from './listKeys.js'
import * as Objects from './objects.js'
import { createRecipient, readRecipient, unwrapKey } from './unwrapKey.js'
import { withSession } from './withSession.js'
import {
  assertExportable,
  removeLeftovers,
  type WrappedKey,
  wrapKey,
} from './wrapKey.js'

/**
 * Administers the keys on a token. It never signs: `createPkcs11Service` and
 * the gate do that.
 */
export type Token = {
  listKeys(): Promise<TokenKeyInfo[]>
  createKey(request: { label: string; isExtractable: boolean }): Promise<string>
  /** Permanent. */
  destroyKey(keyId: string): Promise<void>
  /** The strongest hash that the token supports for RSA-OAEP. */
  findOaepHash(): Promise<WrappedKey['hash']>
  /**
   * Checks that the key may leave the token. @throws Pkcs11ConfigurationError
   */
  assertExportable(keyId: string): Promise<void>
  /** Requires the security officer's PIN. */
  wrapKey(
    officerPin: string,
    request: Parameters<typeof wrapKey>[2],
  ): Promise<WrappedKey>
  /**
   * Destroys objects left behind by interrupted wrappings. Returns their
   * number.
   */
  removeLeftovers(): Promise<number>
  createRecipient(label: string): Promise<Uint8Array>
  readRecipient(label: string): Promise<Uint8Array>
  /**
   * Destroys a recipient's RSA key. Nothing wrapped for it can be opened
   * afterwards.
   */
  destroyRecipient(label: string): Promise<void>
  unwrapKey(request: Parameters<typeof unwrapKey>[1]): Promise<string>
}

/**
 * @throws Pkcs11ConfigurationError; each operation throws Pkcs11PinError,
 * Pkcs11KeyError, Pkcs11ResponseError, Pkcs11Error
 */
export function openToken(options: Pkcs11Options): Token {
  const asUser = <value>(
    what: string,
    work: (session: Session.Session) => Promise<value>,
  ) => withSession(options, 'user', what, work)
  return {
    listKeys: () => asUser('list its keys', listKeys),
    createKey: (request) =>
      asUser('create a key', (session) => createKey(session, request)),
    destroyKey: (keyId) =>
      asUser('destroy the key', (session) => destroyKey(session, keyId)),
    findOaepHash: () => asUser('test its hashes', findOaepHash),
    assertExportable: (keyId) =>
      asUser('check the key', (session) => assertExportable(session, keyId)),
    wrapKey: (officerPin, request) => wrapKey(options, officerPin, request),
    removeLeftovers: () => asUser('remove leftovers', removeLeftovers),
    createRecipient: (label) =>
      asUser('create an RSA key', (session) => createRecipient(session, label)),
    readRecipient: (label) =>
      asUser('read its RSA key', (session) => readRecipient(session, label)),
    destroyRecipient: (label) =>
      asUser('destroy its RSA key', async (session) => {
        const values = { keyType: keyType.rsa, label }
        for (const kind of [objectClass.privateKey, objectClass.publicKey])
          await Objects.destroy(session, { class: kind, ...values })
      }),
    unwrapKey: (request) =>
      asUser('unwrap the key', (session) => unwrapKey(session, request)),
  }
}

import type { Handle } from '../Cryptoki.js'
import { mechanism } from '../constants.js'
import * as Session from '../Session.js'
import * as Template from '../Template.js'

/** Makes the token generate an AES key. */
export function generateAes(
  session: Session.Session,
  values: Template.Values,
): Promise<Handle> {
  const how = session.cryptoki.toMechanism(mechanism.aesKeyGen)
  return make(session, 'C_GenerateKey', [how], values)
}

/** Imports an object. */
export function create(
  session: Session.Session,
  values: Template.Values,
): Promise<Handle> {
  return make(session, 'C_CreateObject', [], values)
}

/** Imports a key that another key has wrapped. */
export function unwrap(
  session: Session.Session,
  { how, by, bytes }: { how: unknown; by: Handle; bytes: Uint8Array },
  values: Template.Values,
): Promise<Handle> {
  return make(session, 'C_UnwrapKey', [how, by, bytes, bytes.length], values)
}

/** Makes the token generate a key pair. @returns the public key's handle */
export async function generatePair(
  session: Session.Session,
  kind: 'rsaKeyPairGen' | 'ecKeyPairGen',
  values: { publicKey: Template.Values; privateKey: Template.Values },
): Promise<Handle> {
  const { cryptoki } = session
  const publicKey = Template.encode(values.publicKey, cryptoki.ulongBytes)
  const privateKey = Template.encode(values.privateKey, cryptoki.ulongBytes)
  const made: Handle[] = [0]
  await Session.call(
    session,
    'C_GenerateKeyPair',
    cryptoki.toMechanism(mechanism[kind]),
    publicKey,
    publicKey.length,
    privateKey,
    privateKey.length,
    made,
    [0] satisfies Handle[],
  )
  return made[0] ?? 0
}

/** Destroys all objects with these attributes. */
export async function destroy(
  session: Session.Session,
  values: Template.Values,
): Promise<void> {
  for (const handle of await Session.find(session, values))
    await Session.call(session, 'C_DestroyObject', handle)
}

async function make(
  session: Session.Session,
  by: 'C_CreateObject' | 'C_GenerateKey' | 'C_UnwrapKey',
  before: readonly unknown[],
  values: Template.Values,
): Promise<Handle> {
  const template = Template.encode(values, session.cryptoki.ulongBytes)
  const handle: Handle[] = [0]
  await Session.call(session, by, ...before, template, template.length, handle)
  return handle[0] ?? 0
}

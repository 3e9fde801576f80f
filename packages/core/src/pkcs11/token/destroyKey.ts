import { keyType, objectClass } from '../constants.js'
import { findKey } from '../findKey.js'
import * as Session from '../Session.js'

/** Permanently destroys a key and the objects that belong to it. */
export async function destroyKey(
  session: Session.Session,
  keyId: string,
): Promise<void> {
  const key = await findKey(session, keyId)
  const beside = await Session.find(session, {
    class: objectClass.publicKey,
    keyType: keyType.ec,
    ...(key.id.length > 0 ? { id: key.id } : { label: key.label }),
  })
  for (const handle of [key.handle, ...beside])
    await Session.call(session, 'C_DestroyObject', handle)
}

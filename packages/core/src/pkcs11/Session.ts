import type { Cryptoki, FunctionName, Handle } from './Cryptoki.js'
import type { AttributeName } from './constants.js'
import type { TokenInfo } from './findSlot.js'
import * as Template from './Template.js'

/** A token session in which the user is logged in. */
export type Session = {
  handle: Handle
  token: TokenInfo
  cryptoki: Cryptoki
}

/** Calls a function that takes the session as its first parameter. */
export function call(
  { cryptoki, handle }: Session,
  name: FunctionName,
  ...values: unknown[]
): Promise<void> {
  return cryptoki.call(name, handle, ...values)
}

/** The objects with these attributes. */
export async function find(
  session: Session,
  values: Template.Values,
): Promise<Handle[]> {
  const { ulongBytes } = session.cryptoki
  const template = Template.encode(values, ulongBytes)
  await call(session, 'C_FindObjectsInit', template, template.length)
  const most = 100
  const handles = Buffer.alloc(most * ulongBytes)
  const found: Handle[] = []
  try {
    // A token may return fewer objects than requested; only an empty result is
    // the end.
    for (let part = most; part > 0; ) {
      const count: Handle[] = [0]
      await call(session, 'C_FindObjects', handles, most, count)
      part = Math.min(most, Number(count[0]))
      for (let index = 0; index < part; index++)
        found.push(Template.readUlong(handles, index, ulongBytes))
    }
  } finally {
    await call(session, 'C_FindObjectsFinal')
  }
  return found
}

/**
 * Reads attributes one at a time, because some tokens return none at all if one
 * is not available. An unavailable attribute is undefined.
 */
export async function read<name extends AttributeName>(
  session: Session,
  object: Handle,
  names: readonly name[],
): Promise<Record<name, Uint8Array | undefined>> {
  const found: [name, Uint8Array | undefined][] = []
  for (const name of names) {
    const asked = Template.ask(name)
    try {
      await call(session, 'C_GetAttributeValue', object, asked.template, 1)
      found.push([name, asked.read()])
    } catch (error) {
      if (!isNotGiven(error)) throw error
      found.push([name, undefined])
    }
  }
  return Object.fromEntries(found) as Record<name, Uint8Array | undefined>
}

function isNotGiven(error: unknown): boolean {
  const { returnValue } = Object(error)
  return [
    'CKR_ATTRIBUTE_SENSITIVE',
    'CKR_ATTRIBUTE_TYPE_INVALID',
    'CKR_BUFFER_TOO_SMALL',
  ].includes(returnValue)
}

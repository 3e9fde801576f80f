import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { note } from '@keyward/toolkit'
import { AwsCallError, connectKms } from '@keyward/toolkit/aws'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * Opens a key and signs with it: names the target, tells what will be signed,
 * asks when that is outside the local home. Nothing is sent to KMS before.
 *
 * @param what - One line for people, e.g. `a message of 5 bytes`.
 */
export async function withSigningKey<signed>(
  terminal: Terminal,
  request: { keyId: string; yes: boolean },
  what: string,
  sign: (key: SigningKey.SigningKey) => Promise<signed>,
): Promise<signed> {
  const { keyId, yes } = request
  const { client, target, close } = await connectKms(terminal, keyId)
  try {
    note(terminal, `Signing ${what}.`)
    await terminal.confirm({ target, action: `signs ${what}`, yes })
    const service = fromSdk(client)
    return await sign(await SigningKey.connect({ service, keyId }))
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
}

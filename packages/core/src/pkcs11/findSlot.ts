import { type Cryptoki, type Handle, is } from './Cryptoki.js'
import { flag } from './constants.js'
import { Pkcs11ConfigurationError, Pkcs11Error } from './errors.js'
import { readUlong } from './Template.js'

/** A token and its slot. */
export type TokenInfo = {
  slot: Handle
  label: string
  manufacturer: string
  model: string
  serial: string
}

/** Identifies a token by its label or by its slot. */
export type TokenName = { tokenLabel: string } | { slot: number }

/** @throws Pkcs11ConfigurationError if no token, or more than one, matches */
export async function findSlot(
  cryptoki: Cryptoki,
  name: TokenName,
): Promise<TokenInfo> {
  const tokens = await listTokens(cryptoki)
  const found = tokens.filter((token) =>
    'slot' in name
      ? Number(token.slot) === name.slot
      : token.label === name.tokenLabel,
  )
  const [token] = found
  if (token !== undefined && found.length === 1) return token
  const asked =
    'slot' in name
      ? `is in slot ${name.slot}`
      : `has the label ${JSON.stringify(name.tokenLabel)}`
  const there = tokens.map(
    ({ label, slot }) => `${JSON.stringify(label)} in slot ${slot}`,
  )
  throw new Pkcs11ConfigurationError(
    `${found.length === 0 ? 'no' : 'more than one'} token ${asked}; found: ${there.join(', ') || 'none'}`,
  )
}

/** All initialised tokens. */
async function listTokens(cryptoki: Cryptoki): Promise<TokenInfo[]> {
  const tokens: TokenInfo[] = []
  for (const slot of await listSlots(cryptoki)) {
    const info = Buffer.alloc(512)
    try {
      await cryptoki.call('C_GetTokenInfo', slot, info)
    } catch (error) {
      // The token was removed in the meantime, or can't be read.
      if (error instanceof Pkcs11Error) continue
      throw error
    }
    // The info has texts of 32, 32, 16 and 16 bytes, padded with spaces, then
    // the flags.
    if ((info.readUInt32LE(96) & flag.tokenInitialized) === 0) continue
    const text = (start: number, length: number) =>
      info.toString('utf8', start, start + length).replace(/[ \0]+$/, '')
    tokens.push({
      slot,
      label: text(0, 32),
      manufacturer: text(32, 32),
      model: text(64, 16),
      serial: text(80, 16),
    })
  }
  return tokens
}

async function listSlots(cryptoki: Cryptoki): Promise<Handle[]> {
  const most = 256
  const slots = Buffer.alloc(most * cryptoki.ulongBytes)
  const count: Handle[] = [most]
  try {
    await cryptoki.call('C_GetSlotList', flag.tokenPresent, slots, count)
  } catch (error) {
    if (!is(error, 'CKR_CRYPTOKI_NOT_INITIALIZED')) throw error
    await cryptoki.initialize()
    await cryptoki.call('C_GetSlotList', flag.tokenPresent, slots, count)
  }
  const found = Math.min(most, Number(count[0]))
  return Array.from({ length: found }, (_, index) =>
    readUlong(slots, index, cryptoki.ulongBytes),
  )
}

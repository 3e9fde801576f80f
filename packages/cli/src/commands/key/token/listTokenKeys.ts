import { escapeInvisible } from '@keyward/core/errors'
import { readToken } from '../../../input/openToken.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'
import {
  leaving,
  type TokenKeyDescription,
  toDescription,
} from './tokenText.js'

/** Lists the keys of a token that can be Ethereum accounts, by label. */
export async function listTokenKeys(
  terminal: Terminal,
  request: TokenRequest,
): Promise<Result<{ keys: TokenKeyDescription[] }>> {
  const { token } = await readToken(terminal, request)
  const keys = (await token.listKeys()).map(toDescription)
  // A label of several lines would pass for more keys.
  const labels = keys.map(({ label }) => escapeInvisible(label))
  const width = Math.max(0, ...labels.map(({ length }) => length))
  const text = keys
    .map((key, index) =>
      [
        (key.address ?? '(no public key)').padEnd(42),
        labels[index]?.padEnd(width),
        `leaves: ${leaving(key)}`,
      ].join('  '),
    )
    .join('\n')
  return {
    data: { keys },
    text:
      text ||
      'There is no secp256k1 key on this token. Make one: keyward key create --service pkcs11 --label NAME',
  }
}

import { type Action, none } from './Action.js'
import { isList } from './rlp.js'
import { readSignIn } from './signIn.js'

export function readMessage(given: string | { raw: string }): Action {
  const bytes =
    typeof given === 'string'
      ? Buffer.from(given, 'utf8')
      : Buffer.from(given.raw.slice(2), 'hex')
  const text = textOf(bytes)
  const signIn = text === undefined ? undefined : readSignIn(text)
  const isSignIn =
    signIn !== undefined ||
    text?.includes(' wants you to sign in with your Ethereum account:') === true
  const kind = kindOf(bytes, text, isSignIn)
  return {
    ...none,
    path: '',
    kind: 'message',
    ...(kind === 'sign-in' && {
      ...(signIn && { chain: signIn.chain }),
      deadlines: [signIn?.deadline ?? 2n ** 256n - 1n],
    }),
    message: {
      kind,
      text: kind === 'bytes' ? undefined : text,
      ...(kind === 'sign-in' && signIn && { signIn }),
    },
  }
}

function kindOf(
  bytes: Buffer,
  text: string | undefined,
  isSignIn: boolean,
): string {
  if (bytes.length === 32 || /^(0x)?[0-9a-f]{64}$/i.test(text?.trim() ?? ''))
    return 'hash'
  if (bytes[0] === 0x19 && bytes[1] === 0x01) return 'typed-data-hash'
  const typed = bytes[0]! >= 0x01 && bytes[0]! <= 0x7f
  if (isList(bytes) || (typed && isList(bytes.subarray(1))))
    return 'transaction'
  if (text === undefined) return 'bytes'
  if (isSignIn) return 'sign-in'
  return [...text].some(isControl) ? 'bytes' : 'text'
}

/** U+0000 to U+001F and U+007F to U+009F, but no tab and no end of a line. */
function isControl(sign: string): boolean {
  const point = sign.codePointAt(0)!
  if (['\t', '\n', '\r'].includes(sign)) return false
  return point < 0x20 || (point >= 0x7f && point <= 0x9f)
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    )
  } catch {
    return undefined
  }
}

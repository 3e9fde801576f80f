import type { Hex, Message } from '@keyward/core'
import type { MessageKind } from '../policy/Policy.js'
import { isTransaction } from './isTransaction.js'
import { readSignIn, type SignIn } from './readSignIn.js'

/** A message's kind and content. */
export type MessageFacts = {
  readonly kind: MessageKind
  /** Undefined for bytes that aren't text. */
  readonly text: string | undefined
  /** Also undefined for a `sign-in` that doesn't follow EIP-4361. */
  readonly signIn: SignIn | undefined
}

/**
 * Classifies a message. A message that could be more than text is classified
 * accordingly: 32 bytes, or their hex, may be a transaction's hash, and bytes
 * that parse as a transaction count as one.
 */
export function readMessage(message: Message.Message): MessageFacts {
  const bytes = toBytes(message)
  const text = toText(bytes)
  const facts = (kind: MessageKind): MessageFacts => ({
    kind,
    text: kind === 'bytes' ? undefined : text,
    signIn: undefined,
  })
  if (bytes.length === 32) return facts('hash')
  if (text !== undefined && /^(?:0x)?[0-9a-fA-F]{64}$/.test(text.trim()))
    return facts('hash')
  if (bytes[0] === 0x19 && bytes[1] === 0x01) return facts('typed-data-hash')
  if (isTransaction(bytes)) return facts('transaction')
  if (text === undefined) return facts('bytes')
  const signIn = readSignIn(text)
  if (signIn !== undefined) return { kind: 'sign-in', text, signIn }
  if (text.includes(invitation)) return facts('sign-in')
  return facts(control.test(text) ? 'bytes' : 'text')
}

/** A text with such a character looks different on a terminal, log or page. */
const control = /[^\P{Cc}\t\n\r]/u

/**
 * Verifiers read sign-ins in parts, and ignore text between and after the
 * parts. So a text that contains this phrase is a sign-in, even if its target
 * is unclear.
 */
const invitation = ' wants you to sign in with your Ethereum account:'

function toBytes(message: Message.Message): Buffer {
  if (typeof message === 'string') return Buffer.from(message, 'utf8')
  const { raw } = message
  return typeof raw === 'string'
    ? Buffer.from((raw as Hex).slice(2), 'hex')
    : Buffer.from(raw)
}

function toText(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined
}

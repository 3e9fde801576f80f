import { maskSecrets } from '@keyward/core/errors'
import { usageError } from '@keyward/toolkit'
import type { Command } from 'commander'
import type { Terminal } from '../terminal/Terminal.js'

/**
 * Values that may have 64 hex digits: call data, hashes, and idempotency keys
 * of programs. The values are never repeated outside `--json`.
 */
const allowed = [
  'send --data',
  'send --idempotency-key',
  'send --call',
  'safe propose --data',
  'tx adopt <hash>',
  'tx adopt --as',
  ...['show', 'watch', 'speed-up', 'cancel'].map(
    (verb) => `tx ${verb} <transaction>`,
  ),
  ...['approve', 'reject', 'execute', 'status', 'export'].map(
    (verb) => `safe ${verb} <proposal>`,
  ),
]

/**
 * Refuses a private key, a recovery phrase or a PIN in any flag or argument
 * before it could be sent to AWS, written to a log, or repeated.
 */
export function refuseSecrets(terminal: Terminal, command: Command): void {
  const path = pathOf(command)
  for (const [flag, came] of [...optionsOf(command), ...argumentsOf(command)]) {
    if (toTexts(came).some((text) => /^pkcs11:.*pin[-\w]*=/is.test(text)))
      usageError(
        `${flag} has a PIN in its URI, where other users of this machine could see it. Pass --pin-source instead.`,
      )
    if (!allowed.includes(`${path} ${flag}`) && toTexts(came).some(isSecret))
      usageError(
        `${flag} looks like a private key or a recovery phrase. Keyward reads ` +
          'private keys only from files and standard input. If the value is ' +
          'the name of a file, put ./ in front of it.',
      )
  }
  if (isSecret(terminal.env.AWS_KMS_KEY_ID ?? ''))
    usageError(
      'AWS_KMS_KEY_ID looks like a private key or a recovery phrase. Set it ' +
        'to the id, ARN or alias of a KMS key.',
    )
}

function pathOf(command: Command): string {
  const names: string[] = []
  for (let at = command; at.parent !== null; at = at.parent)
    names.unshift(at.name())
  return names.join(' ')
}

function optionsOf(command: Command): [string, unknown][] {
  return command.options.map((option) => [
    option.long ?? option.flags,
    command.getOptionValue(option.attributeName()),
  ])
}

function argumentsOf(command: Command): [string, unknown][] {
  return command.registeredArguments.map((argument, index) => [
    `<${argument.name()}>`,
    command.processedArgs[index],
  ])
}

function toTexts(came: unknown): string[] {
  if (!Array.isArray(came)) return typeof came === 'string' ? [came] : []
  const texts = came.map(String)
  // A phrase without quotes is a list of words. So is a list of addresses.
  return texts.every((text) => /^\p{L}+$/u.test(text))
    ? [texts.join(' ')]
    : texts
}

/**
 * Matches a complete value, or the part after `name=` or `alias/`. A path may
 * contain a hash.
 */
function isSecret(text: string): boolean {
  return [text, text.replace(/^[^=]*=/, ''), text.replace(/^alias\//, '')].some(
    (each) => /^<\d+ (?:hex digits|words)>$/.test(maskSecrets(each.trim())),
  )
}

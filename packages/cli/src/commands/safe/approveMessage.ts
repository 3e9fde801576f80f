import { note, toColumns, usageError } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { dryRun, yes } from '../../program/inputs.js'
import { parseFileToBe, parseStack } from '../../program/parsers.js'
import { force, need, owner, stackInputs } from './safeInputs.js'

export const approveMessageCommand = define('approve-message', {
  description:
    "have an owner's co-signer sign a message for the Safe (EIP-1271)",
  takes: {
    ...stackInputs,
    stack: required(text('--stack <name>', 'the multisig stack', parseStack)),
    owner,
    message: text('--message <text>', 'the text to sign (EIP-191)'),
    typedData: text(
      '--typed-data <file>',
      'the typed data to sign (EIP-712), as a JSON file',
    ),
    in: text(
      '--in <file>',
      'a file with a message that other owners have signed',
    ),
    out: text(
      '--out <file>',
      'where to write the message with the signature (default: --in)',
      parseFileToBe,
    ),
    force,
    dryRun,
    yes,
  },
  help: `The stack refuses messages unless the owner's settings open safe-message. A
signed message can't be revoked by the Safe's nonce: it stays valid until the
owners or the threshold change. When enough owners have signed, the file
contains preparedSignature, which the Safe's isValidSignature accepts.
Calls lambda:InvokeFunction on <stack>-cosigner-<n>, or your alias of it.`,
  examples: [
    'keyward safe approve-message --message "We own this Safe." --out note.json --stack treasury --owner 1 --caller anna',
    'keyward safe approve-message --in note.json --stack treasury --owner 2 --caller bert',
    'keyward safe approve-message --typed-data order.json --stack treasury --owner 1 --caller anna --dry-run',
  ],
  async run(terminal, options) {
    const { message, typedData, in: input, dryRun } = options
    const given = [message, typedData, input].filter((one) => one !== undefined)
    if (given.length !== 1)
      usageError('pass one of --message, --typed-data and --in.')
    const { approveMessageInStack } = await import('@keyward/toolkit/safe')
    const out = options.out ?? input
    const about = { ...options, owner: options.owner ?? 1 }
    const { data, file, threshold, prepared } = await approveMessageInStack(
      terminal,
      { ...about, out: dryRun ? undefined : need(out, '--out') },
      (toText) => note(terminal, toText(terminal.stderr.style)),
    )
    const count = `${file.signatures.length} of ${threshold}`
    return {
      data,
      text: toColumns([
        ['SafeMessage', file.safeMessage],
        ...(dryRun ? [['signed', 'nothing: this was a dry run'] as const] : []),
        ['signatures', prepared === undefined ? count : `${count}: enough`],
        ['message', dryRun ? undefined : out],
      ]),
    }
  },
})

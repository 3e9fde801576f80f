import { InputError, quote } from '@keyward/core/errors'
import { openKeyFile, type ReadPrivateKey } from '@keyward/keyfile'
import { note } from '@keyward/toolkit'
import { type AwsConnection, withAws } from '@keyward/toolkit/aws'
import {
  assertExpected,
  assertKmsEndpoint,
  type Ceremony,
} from '@keyward/toolkit/import'
import type { Values } from '../../program/Input.js'
import { reading } from '../../program/reading.js'
import type { wayInputs } from '../../program/sourceInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type PrivateKeyOptions = Omit<
  Values<typeof wayInputs>,
  'wrapping' | 'wrappingKey'
> & { shred?: boolean }

/** A private key at hand, and the KMS that it may go to. */
export type Opened = {
  aws: AwsConnection
  ceremony: Ceremony
  source: ReadPrivateKey
}

/**
 * Reads the key file as far as that goes without a password, opens KMS, and
 * refuses an endpoint that isn't its own before a password is asked for. The
 * private key is zeroed in the end.
 *
 * @param keyId - Of the KMS key, when there is one: its ARN tells the Region.
 * @throws EndpointError, UnexpectedAddressError, and what reading throws
 */
export async function withPrivateKey<answer>(
  terminal: Terminal,
  options: PrivateKeyOptions,
  keyId: string | undefined,
  run: (opened: Opened) => Promise<answer>,
): Promise<answer> {
  const { expectAddress, endpointHost, shred = false } = options
  const say = (text: string) => note(terminal, text)
  const opened = await reading(async () => {
    const file = await openKeyFile(terminal, options)
    if (!shred || file.file !== undefined) return file
    file.dispose()
    throw new InputError('--shred goes with a file that --in names.', {
      details: `${quote(options.in)} is none: what came by it lies in no file here.`,
    })
  })
  try {
    return await withAws(terminal, { keyId }, async (aws) => {
      const { kms: client, target } = aws
      await assertKmsEndpoint(terminal, client, target, endpointHost)
      if (target.kind === 'local')
        say(
          'Warning: the local home keeps its keys on this disk, unprotected. ' +
            'Import a key here only if it is for trying out.',
        )
      else if ((terminal.env.NODE_EXTRA_CA_CERTS ?? '') !== '')
        say(
          'Warning: NODE_EXTRA_CA_CERTS is set. Who holds one of those ' +
            'certificate authorities, such as a proxy that looks into TLS, can ' +
            'read the private key on its way.',
        )
      const source = await opened.unlock()
      try {
        for (const warning of source.warnings) say(`Warning: ${warning}`)
        say(
          `The private key given (${source.format}) is that of ${source.address}.`,
        )
        assertExpected(source.address, expectAddress)
        return await run({ aws, ceremony: { client, target, say }, source })
      } finally {
        source.dispose()
      }
    })
  } finally {
    opened.dispose()
  }
}

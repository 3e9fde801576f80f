import { InputError, quote } from '@keyward/core/errors'
import { type ReadPrivateKey, readPrivateKey } from '@keyward/keyfile'
import { note } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  connectAws,
} from '@keyward/toolkit/aws'
import type { Ceremony } from '@keyward/toolkit/import'
import { assertExpected, assertKmsEndpoint } from '@keyward/toolkit/import'
import { parseAddress } from '@keyward/toolkit/node'
import type { SourceFlags } from '../../program/addSourceOptions.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type PrivateKeyFlags = SourceFlags & {
  expectAddress?: string | undefined
  endpointHost?: string | undefined
  shred?: true | undefined
}

/** A private key at hand, and the KMS that it may go to. */
export type Opened = {
  aws: AwsConnection
  ceremony: Ceremony
  source: ReadPrivateKey
}

/**
 * Opens KMS, and refuses an endpoint that isn't its own before a password is
 * asked for; then reads the private key, which is zeroed in the end.
 *
 * @param keyId - Of the KMS key, when there is one: its ARN tells the Region.
 * @throws EndpointError, UnexpectedAddressError, and what reading throws
 */
export async function withPrivateKey<answer>(
  terminal: Terminal,
  flags: PrivateKeyFlags,
  keyId: string | undefined,
  run: (opened: Opened) => Promise<answer>,
): Promise<answer> {
  const say = (text: string) => note(terminal, text)
  if (flags.expectAddress !== undefined)
    parseAddress(flags.expectAddress, '--expect-address')
  const aws = await connectAws(terminal, keyId === undefined ? {} : { keyId })
  const { kms: client, target } = aws
  try {
    await assertKmsEndpoint(terminal, client, target, flags.endpointHost)
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
    const source = await readPrivateKey(terminal, flags)
    try {
      for (const warning of source.warnings) say(`Warning: ${warning}`)
      say(
        `The private key given (${source.format}) is that of ${source.address}.`,
      )
      assertExpected(source.address, flags.expectAddress)
      if (flags.shred === true && source.file === undefined)
        throw new InputError('--shred goes with a file that --in names.', {
          details: `${quote(flags.in)} is none: what came by it lies in no file here.`,
        })
      return await run({ aws, ceremony: { client, target, say }, source })
    } finally {
      source.dispose()
    }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    aws.close()
  }
}

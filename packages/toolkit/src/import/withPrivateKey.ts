import { InputError, quote } from '@keyward/core/errors'
import {
  openKeyFile,
  type PrivateKeySource,
  type ReadPrivateKey,
} from '@keyward/keyfile'
import type { AwsConnection } from '../aws/connectAws.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { reading } from '../reading.js'
import { assertExpected } from './assertExpected.js'
import { assertKmsEndpoint } from './assertKmsEndpoint.js'
import type { Ceremony } from './Ceremony.js'

export type PrivateKeyOptions = PrivateKeySource & {
  expectAddress: string | undefined
  endpointHost: string | undefined
  shred?: boolean
}

/** An open private key, and the KMS to which it may be sent. */
export type Opened = {
  aws: AwsConnection
  ceremony: Ceremony
  source: ReadPrivateKey
}

/**
 * Reads as much of the key file as possible without a password, and opens KMS.
 * Refuses an endpoint that isn't KMS's own before it asks for a password.
 * Zeroes the private key at the end.
 *
 * @param keyId - The KMS key, if it exists: its ARN provides the Region.
 * @throws EndpointError, UnexpectedAddressError, and any error from reading the
 * key
 */
export async function withPrivateKey<answer>(
  io: Io,
  options: PrivateKeyOptions,
  keyId: string | undefined,
  run: (opened: Opened) => Promise<answer>,
): Promise<answer> {
  const { expectAddress, endpointHost, shred = false } = options
  const say = (text: string) => note(io, text)
  const opened = await reading(async () => {
    const file = await openKeyFile(io, options)
    if (!shred || file.file !== undefined) return file
    file.dispose()
    throw new InputError('--shred needs --in with a file.', {
      details: `The input ${quote(options.in)} can't be shredded. Pass a regular file.`,
    })
  })
  try {
    return await withAws(io, { keyId }, async (aws) => {
      const { kms: client, target } = aws
      await assertKmsEndpoint(io, client, target, endpointHost)
      if (target.kind === 'local')
        say(
          'Warning: The local home stores its keys on this disk, unprotected. ' +
            'Import only test keys here.',
        )
      else if ((io.env.NODE_EXTRA_CA_CERTS ?? '') !== '')
        say(
          'Warning: NODE_EXTRA_CA_CERTS is set. Anyone who controls one of ' +
            'those certificate authorities, such as a proxy that intercepts ' +
            'TLS, can read the private key in transit.',
        )
      const source = await opened.unlock()
      try {
        for (const warning of source.warnings) say(`Warning: ${warning}`)
        say(`The private key (${source.format}) belongs to ${source.address}.`)
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

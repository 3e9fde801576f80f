import { writeFile } from 'node:fs/promises'
import { CreateKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { type AwsClient, algorithm, openAws } from '../support/openAws.js'
import { soak, without } from '../support/tools.js'

// Debian's aws as it is, with `keyward local` as it is, and OpenSSL for keys
// and for checking.

// A call takes half a second, most of it Python's start: few of them. In
// npm test aws signs and refuses, and the SDK does the rest.
describe.skipIf(without('aws') || without('openssl'))('Debian aws', () => {
  let at: AwsClient
  beforeAll(async () => {
    at = await openAws()
  })
  afterAll(() => at.close())

  async function makeKey(): Promise<string> {
    const client = connectKms(await at.home.env('operator'))
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
      }),
    )
    const KeyId = KeyMetadata?.KeyId ?? ''
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }))
    await writeFile(at.file('key.der'), PublicKey ?? '')
    client.destroy()
    return KeyId
  }

  test('a key signs, aws and OpenSSL verify, and a wrong one is refused', async () => {
    const id = soak
      ? await at.createKey('--description', 'of the test')
      : await makeKey()
    if (soak) await at.savePublicKey(id, 'key.der')
    await writeFile(at.file('message'), 'what OpenSSL hashes itself')
    await at.openssl('dgst', '-sha256', '-binary', '-out', 'digest', 'message')
    const kinds = [
      ['DIGEST', 'digest'],
      ['RAW', 'message'],
    ] as const
    for (const [type, name] of kinds.slice(0, soak ? 2 : 1)) {
      const asked = [
        ...['--key-id', id, '--message', `fileb://${name}`],
        ...['--message-type', type, ...algorithm],
      ]
      const { Signature, KeyId } = await at.kms('sign', ...asked)
      expect(KeyId).toMatch(new RegExp(`^arn:aws:kms:.*:key/${id}$`))
      await writeFile(at.file('signature'), Buffer.from(Signature, 'base64'))
      const verify = ['verify', ...asked, '--signature', 'fileb://signature']
      if (soak)
        expect(await at.kms(...verify)).toEqual({
          KeyId,
          SignatureValid: true,
          SigningAlgorithm: 'ECDSA_SHA_256',
        })
      const dgst = ['dgst', '-sha256', '-keyform', 'DER', '-verify', 'key.der']
      const pkeyutl = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.der']
      expect(
        type === 'RAW'
          ? await at.openssl(...dgst, '-signature', 'signature', name)
          : await at.openssl(
              ...[...pkeyutl, '-keyform', 'DER', '-in', name],
              ...['-sigfile', 'signature'],
            ),
      ).toBe(type === 'RAW' ? 'Verified OK' : 'Signature Verified Successfully')
    }
    const other = await at.ran([
      ...['kms', 'verify', '--key-id', id, '--message', 'fileb://digest'],
      ...['--message-type', 'RAW', '--signature', 'fileb://signature'],
      ...algorithm,
    ])
    expect(other.code).toBe(254)
    expect(other.stderr).toContain('(KMSInvalidSignatureException)')
    expect(other.stdout).toBe('')
  })
})

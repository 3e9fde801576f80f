import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AwsClient, algorithm, openAws } from '../support/openAws.js'
import { without } from '../support/tools.js'

// Debian's aws as it is, with `keyward local` as it is, and OpenSSL for keys
// and for checking.

// A call takes half a second, most of it Python's start: few of them.
describe.skipIf(without('aws') || without('openssl'))('Debian aws', () => {
  let at: AwsClient
  beforeAll(async () => {
    at = await openAws()
  })
  afterAll(() => at.close())

  test('aliases, tags, policies, description', async () => {
    const [id, second] = [await at.createKey(), await at.createKey()]
    const name = ['--alias-name', 'alias/aws-cli']
    await at.kms('create-alias', ...name, '--target-key-id', id)
    await at.kms('update-alias', ...name, '--target-key-id', second)
    const { KeyMetadata } = await at.kms(
      'describe-key',
      '--key-id',
      'alias/aws-cli',
    )
    expect(KeyMetadata.KeyId).toBe(second)
    await at.kms(
      'tag-resource',
      '--key-id',
      id,
      '--tags',
      'TagKey=a,TagValue=b',
    )
    expect(await at.kms('list-resource-tags', '--key-id', id)).toEqual({
      Tags: [{ TagKey: 'a', TagValue: 'b' }],
    })
    const named = ['--key-id', id, '--policy-name', 'default']
    const { Policy } = await at.kms('get-key-policy', ...named)
    await writeFile(at.file('policy.json'), Policy)
    expect(
      await at.kms(
        'put-key-policy',
        ...named,
        '--policy',
        'file://policy.json',
      ),
    ).toBeUndefined()
    // One at a time: as many requests as there are entries.
    const { Keys } = await at.kms('list-keys', '--page-size', '1')
    const ids = Keys.map((key: { KeyId: string }) => key.KeyId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining([id, second, at.home.key.keyId]))
    const { Aliases } = await at.kms('list-aliases', '--page-size', '1')
    expect(
      Aliases.map((alias: { AliasName: string }) => alias.AliasName),
    ).toEqual(['alias/aws-cli', 'alias/keyward-dev'])
    expect(await at.kms('delete-alias', ...name)).toBeUndefined()
    expect(
      await at.ran(['kms', 'describe-key', '--key-id', 'alias/aws-cli']),
    ).toEqual({
      code: 254,
      stdout: '',
      stderr:
        '\nAn error occurred (NotFoundException) when calling the DescribeKey operation: Alias arn:aws:kms:us-east-1:000000000000:alias/aws-cli is not found.\n',
    })
  })

  test('states', async () => {
    const id = await at.createKey()
    const window = ['--pending-window-in-days', '7']
    const key = ['--key-id', id]
    await at.kms('disable-key', ...key)
    const { KeyState } = await at.kms(
      'schedule-key-deletion',
      ...key,
      ...window,
    )
    expect(KeyState).toBe('PendingDeletion')
    await at.kms('cancel-key-deletion', ...key)
    expect(await at.state(id)).toBe('Disabled')
    expect(
      await at.ran([
        ...['kms', 'sign', ...key, '--message-type', 'RAW'],
        ...['--message', 'AAAA', ...algorithm],
      ]),
    ).toMatchObject({
      stderr: `\nAn error occurred (DisabledException) when calling the Sign operation: arn:aws:kms:us-east-1:000000000000:key/${id} is disabled.\n`,
    })
  })

  describe('imports a key of OpenSSL', () => {
    const wraps: Record<string, () => Promise<unknown>> = {
      RSAES_OAEP_SHA_256: () => oaep('key.pkcs8', 'wrapped'),
      // An AES key under RSA, then the material under the AES key (RFC 5649).
      RSA_AES_KEY_WRAP_SHA_256: async () => {
        const aesKey = randomBytes(32)
        await writeFile(at.file('aes'), aesKey)
        await oaep('aes', 'wrapped-aes')
        await at.openssl(
          ...['enc', '-id-aes256-wrap-pad', '-iv', 'A65959A6'],
          ...['-K', aesKey.toString('hex')],
          ...['-in', 'key.pkcs8', '-out', 'wrapped-key'],
        )
        const parts = ['wrapped-aes', 'wrapped-key'].map((name) =>
          readFile(at.file(name)),
        )
        await writeFile(
          at.file('wrapped'),
          Buffer.concat(await Promise.all(parts)),
        )
      },
    }
    const oaep = (from: string, to: string) =>
      at.openssl(
        ...['pkeyutl', '-encrypt', '-in', from, '-out', to],
        ...['-inkey', 'wrapping.der', '-keyform', 'DER', '-pubin'],
        ...['-pkeyopt', 'rsa_padding_mode:oaep'],
        ...['-pkeyopt', 'rsa_oaep_md:sha256', '-pkeyopt', 'rsa_mgf1_md:sha256'],
      )

    test.each(Object.keys(wraps))('by %s', async (wrapping) => {
      await at.openssl(
        ...['ecparam', '-name', 'secp256k1', '-genkey', '-noout'],
        ...['-out', 'key.pem'],
      )
      await at.openssl(
        ...['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem'],
        ...['-outform', 'DER', '-out', 'key.pkcs8'],
      )
      const id = await at.createKey('--origin', 'EXTERNAL')
      const set = await at.kms(
        ...['get-parameters-for-import', '--key-id', id],
        ...[
          '--wrapping-algorithm',
          wrapping,
          '--wrapping-key-spec',
          'RSA_2048',
        ],
      )
      await writeFile(
        at.file('wrapping.der'),
        Buffer.from(set.PublicKey, 'base64'),
      )
      await writeFile(at.file('token'), Buffer.from(set.ImportToken, 'base64'))
      await wraps[wrapping]?.()
      const expires = wrapping.startsWith('RSAES')
      const validTo = String(Math.floor(Date.now() / 1000) + 86_400)
      expect(
        await at.kms(
          ...['import-key-material', '--key-id', id],
          ...['--import-token', 'fileb://token'],
          ...['--encrypted-key-material', 'fileb://wrapped'],
          '--expiration-model',
          ...(expires
            ? ['KEY_MATERIAL_EXPIRES', '--valid-to', validTo]
            : ['KEY_MATERIAL_DOES_NOT_EXPIRE']),
        ),
      ).toBeUndefined()
      expect(await at.state(id)).toBe('Enabled')
      await at.savePublicKey(id, 'imported.der')
      await at.openssl(
        ...['pkey', '-in', 'key.pem', '-pubout'],
        ...['-outform', 'DER', '-out', 'own.der'],
      )
      expect(await readFile(at.file('imported.der'))).toEqual(
        await readFile(at.file('own.der')),
      )
    })
  })

  describe('calls functions', () => {
    const event = {
      operation: 'sign',
      dst_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      amount: '0.1',
      nonce: 0,
      gas_price: 1_000_000_000,
    }
    async function invoke(name: string, payload: object, ...more: string[]) {
      const answer = await at.aws(
        ...['lambda', 'invoke', '--function-name', name],
        ...['--cli-binary-format', 'raw-in-base64-out'],
        ...['--payload', JSON.stringify(payload), ...more, 'out.json'],
      )
      const out = JSON.parse(await readFile(at.file('out.json'), 'utf8'))
      return { answer, out }
    }

    test('and reads their log', async () => {
      const { answer, out } = await invoke(
        'keyward-dev-legacy-signer',
        event,
        ...['--log-type', 'Tail'],
      )
      const { LogResult, ...rest } = answer
      expect(rest).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' })
      expect(out).toMatchObject({
        signed_tx_hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        transaction: {
          from: at.home.key.address,
          value_wei: '100000000000000000',
        },
      })
      const log = Buffer.from(LogResult, 'base64').toString()
      expect(log).toContain(`"hash":"${out.signed_tx_hash}"`)
      expect(log).not.toContain(out.signed_tx.slice(2))
    })

    test('and is told of a refusal', async () => {
      const { answer, out } = await invoke('keyward-dev-eip1559-signer', {
        operation: 'sign',
      })
      expect(answer.FunctionError).toBe('Unhandled')
      expect(out.errorType).toBe('InvalidRequestError')
    })

    test('and lists and reads them', async () => {
      const { Functions } = await at.aws('lambda', 'list-functions')
      expect(
        Functions.map((each: { FunctionArn: string }) => each.FunctionArn),
      ).toEqual(at.home.ready.functions.map(({ arn }) => arn))
      const { Configuration } = await at.aws(
        ...['lambda', 'get-function', '--function-name'],
        'keyward-dev-eip1559-signer',
      )
      expect(Configuration).toMatchObject({
        FunctionName: 'keyward-dev-eip1559-signer',
        State: 'Active',
        Environment: { Variables: { KMS_KEY_ID: at.home.key.arn } },
      })
    })
  })
})

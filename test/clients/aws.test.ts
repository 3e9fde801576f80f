import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { type Ran, run } from '../support/runCli.js'
import { toolPath, without } from '../support/tools.js'

// Debian's aws as it is, with `keyward local` as it is, and OpenSSL for keys
// and for checking.

// A call takes half a second, most of it Python's start: few of them.
describe.skipIf(without('aws') || without('openssl'))('Debian aws', () => {
  let home: RunningHome
  let folder: string
  let operator: Record<string, string>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyward aws '))
    home = await startLocalHome()
    operator = await home.env('operator')
  })
  afterAll(async () => {
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

  const file = (name: string) => join(folder, name)

  function ran(args: string[], env = operator): Promise<Ran> {
    return run(
      toolPath('aws'),
      ['--endpoint-url', home.ready.endpoint, '--output', 'json', ...args],
      { env: { ...env, AWS_PAGER: '', HOME: folder }, cwd: folder },
    )
  }
  async function aws(...args: string[]) {
    const { code, stdout, stderr } = await ran(args)
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`)
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const kms = (...args: string[]) => aws('kms', ...args)
  async function openssl(...args: string[]) {
    const { code, stdout, stderr } = await run(toolPath('openssl'), args, {
      cwd: folder,
    })
    if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`)
    return stdout.trim()
  }

  async function createKey(...more: string[]): Promise<string> {
    const { KeyMetadata } = await kms(
      ...['create-key', '--key-spec', 'ECC_SECG_P256K1'],
      ...['--key-usage', 'SIGN_VERIFY', ...more],
    )
    return KeyMetadata.KeyId
  }
  const state = async (id: string) =>
    (await kms('describe-key', '--key-id', id)).KeyMetadata.KeyState
  async function savePublicKey(id: string, name: string) {
    const { PublicKey } = await kms('get-public-key', '--key-id', id)
    await writeFile(file(name), Buffer.from(PublicKey, 'base64'))
  }
  const algorithm = ['--signing-algorithm', 'ECDSA_SHA_256']

  test('a key signs, aws and OpenSSL verify, and a wrong one is refused', async () => {
    const id = await createKey('--description', 'of the test')
    await savePublicKey(id, 'key.der')
    await writeFile(file('message'), 'what OpenSSL hashes itself')
    await openssl('dgst', '-sha256', '-binary', '-out', 'digest', 'message')
    for (const [type, name] of [
      ['RAW', 'message'],
      ['DIGEST', 'digest'],
    ] as const) {
      const asked = [
        ...['--key-id', id, '--message', `fileb://${name}`],
        ...['--message-type', type, ...algorithm],
      ]
      const { Signature, KeyId } = await kms('sign', ...asked)
      expect(KeyId).toMatch(new RegExp(`^arn:aws:kms:.*:key/${id}$`))
      await writeFile(file('signature'), Buffer.from(Signature, 'base64'))
      const said = await kms(
        ...['verify', ...asked, '--signature', 'fileb://signature'],
      )
      expect(said).toEqual({
        KeyId,
        SignatureValid: true,
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      const dgst = ['dgst', '-sha256', '-keyform', 'DER', '-verify', 'key.der']
      const pkeyutl = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.der']
      expect(
        type === 'RAW'
          ? await openssl(...dgst, '-signature', 'signature', name)
          : await openssl(
              ...[...pkeyutl, '-keyform', 'DER', '-in', name],
              ...['-sigfile', 'signature'],
            ),
      ).toBe(type === 'RAW' ? 'Verified OK' : 'Signature Verified Successfully')
    }
    const other = await ran([
      ...['kms', 'verify', '--key-id', id, '--message', 'fileb://digest'],
      ...['--message-type', 'RAW', '--signature', 'fileb://signature'],
      ...algorithm,
    ])
    expect(other.code).toBe(254)
    expect(other.stderr).toContain('(KMSInvalidSignatureException)')
    expect(other.stdout).toBe('')
  })

  test('aliases, tags, policies, description', async () => {
    const [id, second] = [await createKey(), await createKey()]
    const name = ['--alias-name', 'alias/aws-cli']
    await kms('create-alias', ...name, '--target-key-id', id)
    await kms('update-alias', ...name, '--target-key-id', second)
    const { KeyMetadata } = await kms(
      'describe-key',
      '--key-id',
      'alias/aws-cli',
    )
    expect(KeyMetadata.KeyId).toBe(second)
    await kms('tag-resource', '--key-id', id, '--tags', 'TagKey=a,TagValue=b')
    expect(await kms('list-resource-tags', '--key-id', id)).toEqual({
      Tags: [{ TagKey: 'a', TagValue: 'b' }],
    })
    const named = ['--key-id', id, '--policy-name', 'default']
    const { Policy } = await kms('get-key-policy', ...named)
    await writeFile(file('policy.json'), Policy)
    expect(
      await kms('put-key-policy', ...named, '--policy', 'file://policy.json'),
    ).toBeUndefined()
    // One at a time: as many requests as there are entries.
    const { Keys } = await kms('list-keys', '--page-size', '1')
    const ids = Keys.map((key: { KeyId: string }) => key.KeyId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining([id, second, home.key.keyId]))
    const { Aliases } = await kms('list-aliases', '--page-size', '1')
    expect(
      Aliases.map((alias: { AliasName: string }) => alias.AliasName),
    ).toEqual(['alias/aws-cli', 'alias/keyward-dev'])
    expect(await kms('delete-alias', ...name)).toBeUndefined()
    expect(
      await ran(['kms', 'describe-key', '--key-id', 'alias/aws-cli']),
    ).toEqual({
      code: 254,
      stdout: '',
      stderr:
        '\nAn error occurred (NotFoundException) when calling the DescribeKey operation: Alias arn:aws:kms:us-east-1:000000000000:alias/aws-cli is not found.\n',
    })
  })

  test('states', async () => {
    const id = await createKey()
    const window = ['--pending-window-in-days', '7']
    const key = ['--key-id', id]
    await kms('disable-key', ...key)
    const { KeyState } = await kms('schedule-key-deletion', ...key, ...window)
    expect(KeyState).toBe('PendingDeletion')
    await kms('cancel-key-deletion', ...key)
    expect(await state(id)).toBe('Disabled')
    expect(
      await ran([
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
        await writeFile(file('aes'), aesKey)
        await oaep('aes', 'wrapped-aes')
        await openssl(
          ...['enc', '-id-aes256-wrap-pad', '-iv', 'A65959A6'],
          ...['-K', aesKey.toString('hex')],
          ...['-in', 'key.pkcs8', '-out', 'wrapped-key'],
        )
        const parts = ['wrapped-aes', 'wrapped-key'].map((name) =>
          readFile(file(name)),
        )
        await writeFile(
          file('wrapped'),
          Buffer.concat(await Promise.all(parts)),
        )
      },
    }
    const oaep = (from: string, to: string) =>
      openssl(
        ...['pkeyutl', '-encrypt', '-in', from, '-out', to],
        ...['-inkey', 'wrapping.der', '-keyform', 'DER', '-pubin'],
        ...['-pkeyopt', 'rsa_padding_mode:oaep'],
        ...['-pkeyopt', 'rsa_oaep_md:sha256', '-pkeyopt', 'rsa_mgf1_md:sha256'],
      )

    test.each(Object.keys(wraps))('by %s', async (wrapping) => {
      await openssl(
        ...['ecparam', '-name', 'secp256k1', '-genkey', '-noout'],
        ...['-out', 'key.pem'],
      )
      await openssl(
        ...['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem'],
        ...['-outform', 'DER', '-out', 'key.pkcs8'],
      )
      const id = await createKey('--origin', 'EXTERNAL')
      const set = await kms(
        ...['get-parameters-for-import', '--key-id', id],
        ...[
          '--wrapping-algorithm',
          wrapping,
          '--wrapping-key-spec',
          'RSA_2048',
        ],
      )
      await writeFile(
        file('wrapping.der'),
        Buffer.from(set.PublicKey, 'base64'),
      )
      await writeFile(file('token'), Buffer.from(set.ImportToken, 'base64'))
      await wraps[wrapping]?.()
      const expires = wrapping.startsWith('RSAES')
      const validTo = String(Math.floor(Date.now() / 1000) + 86_400)
      expect(
        await kms(
          ...['import-key-material', '--key-id', id],
          ...['--import-token', 'fileb://token'],
          ...['--encrypted-key-material', 'fileb://wrapped'],
          '--expiration-model',
          ...(expires
            ? ['KEY_MATERIAL_EXPIRES', '--valid-to', validTo]
            : ['KEY_MATERIAL_DOES_NOT_EXPIRE']),
        ),
      ).toBeUndefined()
      expect(await state(id)).toBe('Enabled')
      await savePublicKey(id, 'imported.der')
      await openssl(
        ...['pkey', '-in', 'key.pem', '-pubout'],
        ...['-outform', 'DER', '-out', 'own.der'],
      )
      expect(await readFile(file('imported.der'))).toEqual(
        await readFile(file('own.der')),
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
      const answer = await aws(
        ...['lambda', 'invoke', '--function-name', name],
        ...['--cli-binary-format', 'raw-in-base64-out'],
        ...['--payload', JSON.stringify(payload), ...more, 'out.json'],
      )
      const out = JSON.parse(await readFile(file('out.json'), 'utf8'))
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
          from: home.key.address,
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
      const { Functions } = await aws('lambda', 'list-functions')
      expect(
        Functions.map((each: { FunctionArn: string }) => each.FunctionArn),
      ).toEqual(home.ready.functions.map(({ arn }) => arn))
      const { Configuration } = await aws(
        ...['lambda', 'get-function', '--function-name'],
        'keyward-dev-eip1559-signer',
      )
      expect(Configuration).toMatchObject({
        FunctionName: 'keyward-dev-eip1559-signer',
        State: 'Active',
        Environment: { Variables: { KMS_KEY_ID: home.key.arn } },
      })
    })
  })
})

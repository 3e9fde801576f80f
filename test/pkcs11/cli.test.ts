import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetKeyPolicyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms'
import { openToken } from '@keyward/core/pkcs11'
import { verifyMessage } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ImportHome, openImportHome } from '../support/importHome.js'
import { cleanEnv, keywardBin } from '../support/runCli.js'
import {
  createSoftHsm,
  officerPin,
  pin,
  withoutHsm,
} from '../support/softHsm.js'
import { startTamperingProxy } from '../support/startTamperingProxy.js'
import { soak, toolPath, without } from '../support/tools.js'
import { buildLyingLibrary } from './buildLyingLibrary.js'

const stranger = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

// Keys on tokens by the command line, and from a token into KMS.
describe.skipIf(withoutHsm)('keyward key --service pkcs11', () => {
  let hsm: ReturnType<typeof createSoftHsm>
  let at: ImportHome
  let env: Record<string, string>
  const pins = ['--pin-source', 'env:TOKEN_PIN']
  const officer = ['--so-pin-source', 'env:OFFICER_PIN']
  const onToken = ['--service', 'pkcs11', ...pins]

  beforeAll(async () => {
    hsm = createSoftHsm(['first', 'second'])
    at = await openImportHome()
    env = {
      PKCS11_LIBRARY: hsm.library,
      PKCS11_TOKEN_LABEL: 'first',
      SOFTHSM2_CONF: hsm.conf,
      TOKEN_PIN: pin,
      OFFICER_PIN: officerPin,
    }
  })
  afterAll(async () => {
    await at.close()
    hsm.remove()
  })

  const cli = (args: readonly string[], more: object = {}) =>
    at.cli(args, { as: 'user', env: { ...env, ...more } })
  const create = (label: string, ...more: string[]) =>
    cli([
      'key',
      'create',
      ...onToken,
      '--label',
      label,
      ...more,
      '--yes',
      '--json',
    ])

  test('makes a key that signs what KMS would sign', async () => {
    const made = await create('payouts')
    expect(made).toMatchObject({ code: 0 })
    const { address, isExtractable } = JSON.parse(made.stdout)
    expect(isExtractable).toBe(false)
    expect((await cli(['key', 'address', 'payouts', ...onToken])).stdout).toBe(
      `${address}\n`,
    )
    const listed = await cli(['key', 'list', ...onToken])
    expect(listed.stdout).toBe(
      `${address}  payouts  export: never (the key was created without --extractable)\n`,
    )
    await writeFile(join(at.folder, 'message.txt'), 'hello')
    const signed = await cli([
      ...['sign', 'message', '--in', 'message.txt', '--key', 'payouts'],
      ...[...onToken, '--yes', '--json'],
    ])
    const { signature } = JSON.parse(signed.stdout)
    expect(verifyMessage('hello', signature)).toBe(address)
  })

  test('is verified against an address, and signs', async () => {
    const verify = (...more: string[]) =>
      cli(['key', 'verify', '--key', 'payouts', ...onToken, ...more, '--json'])
    const address = (
      await cli(['key', 'address', 'payouts', ...onToken])
    ).stdout.trim()
    const same = await verify('--address', address, '--challenge')
    expect([same.code, JSON.parse(same.stdout)]).toMatchObject([
      0,
      { agree: true, compared: [{}, { challengeSigned: true }] },
    ])
    expect(await verify('--address', stranger)).toMatchObject({ code: 1 })
    const missing = await verify('--key', 'nothing', '--address', address)
    expect(missing.code).toBe(1)
    expect(missing.stdout).toContain('no private key has this name')
  })

  test('where nobody can be asked, --yes is needed before the token is opened', async () => {
    const ran = await cli(['key', 'create', ...onToken, '--label', 'unasked'])
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toContain('pass --yes to confirm')
    const { keys } = JSON.parse(
      (await cli(['key', 'list', ...onToken, '--json'])).stdout,
    )
    expect(keys.map(({ label }: { label: string }) => label)).toEqual([
      'payouts',
    ])
  })

  test.each([
    [['list', '--token-label', 'first'], 'need --service pkcs11', 2],
    [['create', '--label', 'x', '--yes'], 'need --service pkcs11', 2],
    [
      ['create', ...['--service', 'pkcs11'], '--yes'],
      'needs a name: pass --label',
      2,
    ],
    [
      ['list', ...onToken, '--slot', '1', '--token-label', 'first'],
      'pass either --token-label or --slot',
      2,
    ],
    [
      ['list', '--service', 'pkcs11', '--pin-source', '5678'],
      'is not a valid PIN source',
      1,
    ],
    [
      ['list', '--service', 'pkcs11', '--pin-source', 'env:NOT_SET'],
      'is not set',
      1,
    ],
    [
      ['list', '--service', 'pkcs11', '--pin-source', 'fd:x'],
      'the text after "fd:" is not a number',
      1,
    ],
    [['list', '--service', 'pkcs11'], 'no terminal to ask for it', 1],
    [
      ['list', ...onToken, '--library', '/nowhere.so'],
      'not a PKCS#11 library',
      1,
    ],
    [
      ['destroy', '--key', 'pkcs11:object=x?pin-value=5678', ...pins],
      '--key has a PIN in its URI',
      2,
    ],
    [
      ['address', 'PKCS11:object=x;pin=5678', ...onToken],
      '<key> has a PIN in its URI',
      2,
    ],
    [
      ['list', '--service', 'pkcs11', '--pin-source', 'env:5678'],
      'the environment variable is not set',
      1,
    ],
  ] as const)('key %j is refused', async (args, reason, code) => {
    const ran = await cli(['key', ...args])
    expect(ran.stderr).toContain(reason)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).not.toContain('5678')
  })

  test('a PIN in a file is read only where others cannot', async () => {
    const path = join(at.folder, 'pin')
    await writeFile(path, `${pin}\n`)
    const list = () =>
      cli([
        'key',
        'list',
        '--service',
        'pkcs11',
        '--pin-source',
        `file:${path}`,
      ])
    await chmod(path, 0o644)
    expect((await list()).stderr).toContain('other users can read')
    await chmod(path, 0o600)
    expect(await list()).toMatchObject({ code: 0 })
    // None of them costs an attempt.
    for (const [bytes, reason] of [
      ['', 'contains no PIN'],
      [`\ufeff${pin}`, 'not plain text'],
      [Buffer.from(`\ufeff${pin}`, 'utf16le'), 'not plain text'],
      [`${pin}\0`, 'not plain text'],
    ] as const) {
      await writeFile(path, bytes)
      expect((await list()).stderr).toContain(reason)
    }
  })

  test('exports for one other token, and restores there', async () => {
    const { address } = JSON.parse(
      (await create('travels', '--extractable')).stdout,
    )
    const there = ['--token-label', 'second', ...pins]
    const made = await cli([
      'key',
      'recipient',
      '--label',
      'restore',
      '--out',
      'second.pem',
      ...there,
      '--json',
    ])
    const { fingerprint } = JSON.parse(made.stdout)
    const exporting = (...more: string[]) =>
      cli([
        'key',
        'export',
        '--key',
        'travels',
        '--recipient',
        'second.pem',
        ...pins,
        ...officer,
        '--yes',
        '--json',
        ...more,
      ])
    expect((await exporting('--out', 'no.json')).stderr).toContain(
      'add --allow-sha1-wrapping',
    )
    const exported = await exporting(
      '--out',
      'travels.json',
      '--allow-sha1-wrapping',
    )
    expect(exported.stderr).toContain(`fingerprint is ${fingerprint}`)
    expect(JSON.parse(exported.stdout)).toMatchObject({
      address,
      recipientFingerprint: fingerprint,
    })
    const restoring = (file: string, label: string, ...more: string[]) =>
      cli([
        'key',
        'restore',
        '--in',
        file,
        '--recipient',
        'restore',
        '--label',
        label,
        ...there,
        '--yes',
        '--json',
        ...more,
      ])
    expect(
      (await restoring('travels.json', 'x', '--expect-address', stranger))
        .stderr,
    ).toContain(`belongs to ${address}, not to ${stranger}`)
    // Damaged and swapped files leave nothing behind.
    const text = await readFile(join(at.folder, 'travels.json'), 'utf8')
    const backup = JSON.parse(text)
    const bytes = Buffer.from(backup.ciphertext.slice(2), 'hex')
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    const damaged = `0x${bytes.toString('hex')}`
    const other = JSON.parse((await create('other')).stdout)
    for (const [index, [change, reason]] of (
      [
        [{ version: 2 }, 'version'],
        [{ extra: 1 }, 'extra'],
        [{ address: other.address }, 'the address of this publicKey'],
        [{ recipient: `0x${'00'.repeat(32)}` }, 'written for another RSA key'],
        [{ ciphertext: damaged }, 'C_UnwrapKey'],
        [{ algorithm: 'RSA_AES_KEY_WRAP_SHA_256' }, 'C_UnwrapKey'],
      ] as const
    ).entries()) {
      const file = `damaged-${index}.json`
      await writeFile(
        join(at.folder, file),
        JSON.stringify({ ...backup, ...change }),
      )
      expect((await restoring(file, `damaged ${index}`)).stderr).toContain(
        reason,
      )
    }
    // Another key's public half and address, with this key's bytes.
    const swapped = await openToken({
      library: hsm.library,
      tokenLabel: 'first',
      pin,
    })
      .listKeys()
      .then((keys) => keys.find(({ label }) => label === 'other'))
    await writeFile(
      join(at.folder, 'swapped.json'),
      JSON.stringify({
        ...backup,
        address: other.address,
        publicKey: `0x${Buffer.from(swapped?.spki ?? []).toString('hex')}`,
      }),
    )
    expect((await restoring('swapped.json', 'swapped')).stderr).toContain(
      'The restored key was destroyed.',
    )
    const kept = await restoring('travels.json', 'kept', '--keep-recipient')
    expect(JSON.parse(kept.stdout)).toMatchObject({ address, label: 'kept' })
    // The file opens a second time, and then no more.
    expect(
      JSON.parse((await restoring('travels.json', 'back')).stdout),
    ).toMatchObject({ address, label: 'back', isExtractable: false })
    expect(
      JSON.parse(
        (await cli(['key', 'list', '--service', 'pkcs11', ...there, '--json']))
          .stdout,
      ).keys,
    ).toHaveLength(2)
    // The RSA key is gone with that, so the file opens no second time.
    expect((await restoring('travels.json', 'twice')).stderr).toContain(
      'no RSA key',
    )
  }, 60_000)

  describe('into KMS', () => {
    const moving = (label: string, ...more: string[]) => [
      ...['key', 'move', '--key', label, ...pins, ...officer],
      ...['--receipt', `${label}.receipt.json`, '--json', ...more],
    ]
    const mine = () => at.client('user')

    test('a key that can leave is moved; its policy takes SHA-1 for that alone', async () => {
      const { address } = JSON.parse(
        (await create('moves', '--extractable')).stdout,
      )
      expect((await cli(moving('moves'))).stderr).toContain(
        'To use SHA-1 for this import, add --allow-sha1-wrapping',
      )
      expect(
        (await cli(moving('payouts', '--allow-sha1-wrapping'))).stderr,
      ).toContain('can never leave')
      const dry = await cli(
        moving('moves', '--allow-sha1-wrapping', '--dry-run'),
      )
      expect(JSON.parse(dry.stdout)).toMatchObject({
        keyArn: null,
        imported: false,
      })
      const moved = await cli(
        moving('moves', '--allow-sha1-wrapping', '--alias', 'moved'),
      )
      expect(moved).toMatchObject({ code: 0 })
      expect(moved.stderr).toContain(`Two keys can sign for ${address}`)
      const { keyArn, receipt } = JSON.parse(moved.stdout)
      expect(receipt).toMatchObject({
        address,
        wrapping: { algorithm: 'RSA_AES_KEY_WRAP_SHA_1' },
      })
      const { Policy = '' } = await mine().send(
        new GetKeyPolicyCommand({ KeyId: keyArn }),
      )
      expect(Policy).toContain('RSA_AES_KEY_WRAP_SHA_256')
      expect(Policy).not.toContain('SHA_1')
      expect((await cli(['key', 'address', 'alias/moved'])).stdout).toBe(
        `${address}\n`,
      )
      // Who may not sign with the KMS key has not shown that it signs.
      const unproven = await cli(
        moving(
          'moves',
          '--allow-sha1-wrapping',
          '--destroy-source',
          '--yes',
          '--receipt',
          'second.json',
        ),
      )
      expect(unproven.stderr).toContain(
        'there is no proof that the KMS key can sign',
      )
      expect((await cli(['key', 'address', 'moves', ...onToken])).stdout).toBe(
        `${address}\n`,
      )
    })

    test.runIf(soak)('the source goes only when KMS has signed', async () => {
      const { address } = JSON.parse(
        (await create('goes', '--extractable')).stdout,
      )
      const moved = await at.cli(moving('goes', '--allow-sha1-wrapping'), {
        as: 'operator',
        env,
      })
      const { keyArn } = JSON.parse(moved.stdout)
      const destroy = (label: string, by: string, as = 'user') =>
        at.cli(
          [
            ...['key', 'destroy', '--key', label, ...pins, '--yes'],
            ...['--replaced-by', by],
          ],
          { as, env },
        )
      expect((await destroy('goes', 'alias/moved')).stderr).toContain(
        `is not the key of ${address}`,
      )
      expect((await destroy('goes', keyArn, 'operator')).stderr).toContain(
        'There is no proof that',
      )
      expect(await destroy('goes', keyArn)).toMatchObject({ code: 0 })
      expect(
        (await cli(['key', 'address', 'goes', ...onToken])).stderr,
      ).toContain('no private key has this name')
    })

    test.skipIf(without('pkcs11-tool'))(
      "another account's public key beside it: no address, and nothing is destroyed",
      async () => {
        const tool = (...argv: string[]) =>
          execFileSync(
            toolPath('pkcs11-tool'),
            [
              ...['--module', hsm.library, '--token-label', 'first'],
              ...['--login', '--pin', pin, ...argv],
            ],
            { stdio: 'pipe' },
          )
        const name = ['--id', '66', '--label', 'victim\n0xdead']
        tool('--keypairgen', '--key-type', 'EC:secp256k1', ...name)
        tool('--delete-object', '--type', 'pubkey', '--id', '66')
        const { PublicKey = new Uint8Array() } = await mine().send(
          new GetPublicKeyCommand({ KeyId: 'alias/moved' }),
        )
        const file = join(at.folder, 'theirs.der')
        await writeFile(file, PublicKey)
        tool('--write-object', file, '--type', 'pubkey', ...name)
        const key = 'pkcs11:id=%66'
        const replaced = ['--replaced-by', 'alias/moved', '--yes']
        for (const args of [
          ['address', key, ...onToken],
          ['show', key, ...onToken],
          ['destroy', '--key', key, ...pins, ...replaced],
          [...moving(key, '--allow-sha1-wrapping').slice(1), '--dry-run'],
        ])
          expect(await cli(['key', ...args])).toMatchObject({
            code: 1,
            stderr: expect.stringContaining('Not a signature by this key'),
          })
        const listed = (await cli(['key', 'list', ...onToken])).stdout
        expect(listed).toContain('victim\\u000a0xdead')
        tool('--delete-object', '--type', 'privkey', '--id', '66')
      },
    )

    test.runIf(soak && !without('gcc'))(
      'kill -9 while the token wraps: the next run clears up and goes on',
      async () => {
        const { address } = JSON.parse(
          (await create('dies', '--extractable')).stdout,
        )
        const args = moving('dies', '--allow-sha1-wrapping', '--yes')
        const child = spawn(process.execPath, [keywardBin, ...args], {
          env: cleanEnv({
            ...{ ...at.as('user'), ...env },
            PKCS11_LIBRARY: buildLyingLibrary(hsm),
            KEYWARD_REAL_LIBRARY: hsm.library,
            KEYWARD_LIE: 'die in the second wrapping',
            KEYWARD_LIE_TIMES: '9',
          }),
          cwd: at.folder,
        })
        child.stdout.resume()
        child.stderr.resume()
        const [, signal] = await once(child, 'close')
        expect(signal).toBe('SIGKILL')
        const again = await cli(args)
        expect([again.code, again.stderr]).toEqual([
          0,
          expect.stringContaining('Deleted 2 wrapping keys'),
        ])
        expect(JSON.parse(again.stdout)).toMatchObject({ address })
      },
      60_000,
    )

    test.runIf(soak)(
      'kill -9 after any request: the same again ends well, by one key',
      async () => {
        const proxy = await startTamperingProxy(at.home.endpoint)
        const operations = [
          'CreateKey',
          'GetParametersForImport',
          'ImportKeyMaterial',
          'PutKeyPolicy',
        ]
        for (const operation of operations) {
          const label = `killed-${operation}`
          const { address } = JSON.parse(
            (await create(label, '--extractable')).stdout,
          )
          const args = moving(label, '--allow-sha1-wrapping', '--yes')
          const child = spawn(process.execPath, [keywardBin, ...args], {
            env: cleanEnv({
              ...at.as('user'),
              ...env,
              AWS_ENDPOINT_URL: proxy.endpoint,
            }),
            cwd: at.folder,
          })
          child.stdout.resume()
          child.stderr.resume()
          let cuts = 0
          proxy.tamper = (answer) => {
            if (answer.operation !== operation) return answer
            cuts += 1
            child.kill('SIGKILL')
            return 'cut'
          }
          await once(child, 'close')
          proxy.tamper = (answer) => answer
          expect([operation, cuts]).toEqual([operation, 1])
          const again = await cli(args)
          expect([again.code, again.stderr]).toEqual([0, expect.any(String)])
          const { keyArn } = JSON.parse(again.stdout)
          expect((await cli(['key', 'address', keyArn])).stdout).toBe(
            `${address}\n`,
          )
          const { Policy = '' } = await mine().send(
            new GetKeyPolicyCommand({ KeyId: keyArn }),
          )
          expect(Policy).not.toContain('SHA_1')
          const token = openToken({
            library: hsm.library,
            tokenLabel: 'first',
            pin,
          })
          expect(await token.removeLeftovers()).toBe(0)
        }
        await proxy.close()
      },
      120_000,
    )
  })

  test.skipIf(without('openssl'))(
    "an account of OpenSSL's stays itself on a token",
    async () => {
      execFileSync(toolPath('openssl'), [
        'ecparam',
        '-name',
        'secp256k1',
        '-genkey',
        '-noout',
        '-out',
        join(at.folder, 'ec.pem'),
      ])
      execFileSync(toolPath('openssl'), [
        'pkcs8',
        '-topk8',
        '-nocrypt',
        '-in',
        join(at.folder, 'ec.pem'),
        '-out',
        join(at.folder, 'p8.pem'),
      ])
      execFileSync(
        toolPath('softhsm2-util'),
        [
          '--import',
          join(at.folder, 'p8.pem'),
          '--token',
          'first',
          '--label',
          'brought',
          '--id',
          '77',
          '--pin',
          pin,
        ],
        { stdio: 'pipe' },
      )
      const verified = await at.cli([
        'key',
        'verify',
        '--in',
        'p8.pem',
        '--address',
        (await cli(['key', 'address', 'brought', ...onToken])).stdout.trim(),
      ])
      expect(verified).toMatchObject({ code: 0 })
      // KMS forgets it one day, and is no successor.
      const month = 30 * 24 * 60 * 60 * 1000
      const validTo = new Date(Date.now() + month).toISOString()
      const imported = await at.cli([
        ...['key', 'import', '--in', 'p8.pem', '--create', '--no-backup'],
        '--yes',
        ...['--valid-to', validTo, '--json'],
      ])
      expect(imported).toMatchObject({ code: 0 })
      const { keyArn } = JSON.parse(imported.stdout)
      const destroyed = await cli([
        ...['key', 'destroy', '--key', 'brought', ...pins, '--yes'],
        ...['--replaced-by', keyArn],
      ])
      expect(destroyed.stderr).toContain(`expires at ${validTo.slice(0, 19)}`)
    },
  )
})

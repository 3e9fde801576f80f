import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PublicKey, recoverAddress, Signature, SigningKey } from '@keyward/core'
import {
  createPkcs11Service,
  fingerprint,
  openToken,
} from '@keyward/core/pkcs11'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createSoftHsm,
  officerPin,
  pin,
  withoutHsm,
} from '../support/softHsm.js'
import { soak, toolPath } from '../support/tools.js'

// Against SoftHSM2, an ECDSA of other people's on other people's storage.
describe.skipIf(withoutHsm)('keys on a PKCS#11 token', () => {
  let hsm: ReturnType<typeof createSoftHsm>
  const at = (tokenLabel: string) => ({ library: hsm.library, tokenLabel, pin })

  beforeAll(() => {
    hsm = createSoftHsm(['treasury', 'second'])
  })
  afterAll(() => hsm.remove())

  const toolAt = (token: string, ...argv: string[]) =>
    execFileSync(
      toolPath('pkcs11-tool'),
      [
        ...['--module', hsm.library, '--token-label', token],
        ...['--login', '--pin', pin, ...argv],
      ],
      { stdio: 'pipe' },
    )
  const tool = (...argv: string[]) => toolAt('treasury', ...argv)

  test('the account is the one that OpenSSL and pkcs11-tool see', async () => {
    tool(
      '--keypairgen',
      '--key-type',
      'EC:secp256k1',
      '--id',
      '4c',
      '--label',
      'theirs',
    )
    const file = join(hsm.folder, 'public.der')
    tool(
      '--read-object',
      '--type',
      'pubkey',
      '--id',
      '4c',
      '--output-file',
      file,
    )
    // Read by OpenSSL, point by point.
    const shown = execFileSync(toolPath('openssl'), [
      ...['pkey', '-pubin', '-inform', 'DER', '-in', file, '-noout', '-text'],
    ]).toString()
    const hex =
      /pub:([\s0-9a-f:]+)/.exec(shown)?.[1]?.replace(/[\s:]/g, '') ?? ''
    const service = await createPkcs11Service(at('treasury'))
    const key = await SigningKey.connect({ service, keyId: 'theirs' })
    expect(Buffer.from(key.publicKey ?? []).toString('hex')).toBe(hex)
    expect(key.address).toBe(
      PublicKey.toAddress(PublicKey.fromSpki(readFileSync(file))),
    )
    for (const name of [
      'pkcs11:id=%4c',
      'pkcs11:id=L',
      'pkcs11:object=theirs;type=private',
      'pkcs11:token=treasury;object=theirs;id=%4C',
    ])
      expect((await SigningKey.connect({ service, keyId: name })).address).toBe(
        key.address,
      )
    await service.close()
  })

  const count = soak ? 2000 : 100
  test(`${count} signatures, all by the key and with a low s`, async () => {
    const keyRef = await openToken(at('treasury')).createKey({
      label: 'ours',
      isExtractable: false,
    })
    const service = await createPkcs11Service(at('treasury'))
    let high = 0
    const counted = {
      ...service,
      async signDigest(...given: Parameters<typeof service.signDigest>) {
        const answer = await service.signDigest(...given)
        const s = answer.der.subarray(-32)
        if ((s[0] ?? 0) >= 0x80 || answer.der.length > 70) high++
        return answer
      },
    }
    const key = await SigningKey.connect({ service: counted, keyId: 'ours' })
    const digests = new Set<string>()
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const message = `payment ${index}`
        const { digest, ...signature } = await key.sign({
          kind: 'message',
          message,
        })
        digests.add(digest)
        expect(await recoverAddress(digest, Signature.toHex(signature))).toBe(
          key.address,
        )
      }),
    )
    expect(digests.size).toBe(count)
    expect(high).toBeGreaterThan(count / 3)
    expect((await key.checkAddress()).keyRef).toBe(keyRef)
    await service.close()
  })

  test.each([
    ['nothing', 'no private key has this name'],
    ['pkcs11:id=%ff', 'no private key has this name'],
    ['pkcs11:token=second;object=ours', 'this token has the label "treasury"'],
    ['pkcs11:serial=00;object=ours', 'this token has the serial number'],
    ['pkcs11:token=treasury', 'neither object nor id'],
    ['pkcs11:object=', 'is not valid'],
    ['pkcs11:id=%4', 'is not valid'],
    ['pkcs11:object=ours;object=theirs', 'each once'],
    ['pkcs11:object=ours;slot-id=0', 'slot-id= is not allowed'],
    ['', 'the name is empty'],
  ])('%s names no key', async (keyId, reason) => {
    const service = await createPkcs11Service(at('treasury'))
    await expect(service.getPublicKey(keyId)).rejects.toMatchObject({
      code: 'pkcs11-key',
      message: expect.stringContaining(reason),
    })
    await service.close()
  })

  test.each([
    ['pkcs11:object=ours?pin-value=9876543', 'query (the part after ?)'],
    ['PKCS11:object=ours?pin-value=9876543', 'query (the part after ?)'],
    ['pkcs11:object=ours;pin-value=9876543', 'pin-value= is not allowed'],
    ['pkcs11:object=%4;pin-value=9876543', 'is not valid'],
  ])('%s, with a PIN, is refused, and not quoted', async (keyId, reason) => {
    const service = await createPkcs11Service(at('treasury'))
    const error: Error = await service.getPublicKey(keyId).then(
      () => new Error('no refusal'),
      (refusal) => refusal,
    )
    expect(error.message).toContain(reason)
    expect(error.message).not.toContain('9876543')
    await service.close()
  })

  test('a key that has no label, or no id, can be named and destroyed', async () => {
    const token = openToken(at('second'))
    for (const more of [
      ['--id', '05'],
      ['--label', 'plain'],
    ])
      toolAt(
        'second',
        ...['--keypairgen', '--key-type', 'EC:secp256k1', ...more],
      )
    const keys = await token.listKeys()
    expect(
      keys.map(({ keyRef }) => keyRef.replace(/.*serial=\w+/, '')),
    ).toEqual([';id=%05', ';object=plain'])
    for (const { keyRef } of keys) await token.destroyKey(keyRef)
    expect(await token.listKeys()).toEqual([])
  })

  test.each(['', 'pkcs11:object=x', 'PKCS11:x', 'a\nb', 'a\u001b[2J'])(
    'the label %j is refused, as it would name no key',
    async (label) => {
      const request = { label, isExtractable: false }
      await expect(
        openToken(at('second')).createKey(request),
      ).rejects.toMatchObject({ code: 'pkcs11-key' })
    },
  )

  test('without the PIN nobody puts another public key in the place of ours', async () => {
    const token = openToken(at('second'))
    const keyRef = await token.createKey({
      label: 'guarded',
      isExtractable: false,
    })
    const before = await token.listKeys()
    const id = before[0]?.id ?? ''
    const anybody = (...argv: string[]) =>
      spawnSync(
        toolPath('pkcs11-tool'),
        [...['--module', hsm.library, '--token-label', 'second'], ...argv],
        { encoding: 'utf8' },
      )
    expect(anybody('--list-objects').stdout).not.toContain(id)
    const remove = ['--delete-object', '--type', 'pubkey', '--id', id]
    expect(anybody(...remove).stderr).toContain('not found')
    // With it, nobody makes it another one: CKR_ACTION_PROHIBITED.
    const change = [...remove.slice(1), '--set-id', '99']
    expect(anybody('--login', '--pin', pin, ...change).stderr).toContain(
      '(0x1b)',
    )
    expect(await token.listKeys()).toEqual(before)

    // Nor another recipient: what would be wrapped for it is theirs.
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = join(hsm.folder, 'theirs.der')
    writeFileSync(file, publicKey.export({ format: 'der', type: 'spki' }))
    const write = ['--write-object', file, '--type', 'pubkey', '--label']
    expect(anybody(...write, 'alone').status).toBe(0)
    await expect(token.readRecipient('alone')).rejects.toThrow('no RSA key')
    await token.destroyKey(keyRef)
  })

  test('several look after one token at once, while others sign', async () => {
    const options = at('treasury')
    const service = await createPkcs11Service(options)
    const key = await SigningKey.connect({ service, keyId: 'ours' })
    const request = { kind: 'message', message: 'meanwhile' } as const
    const done = await Promise.all([
      ...Array.from({ length: 8 }, () => openToken(options).listKeys()),
      ...Array.from({ length: 40 }, () => key.sign(request)),
    ])
    expect(done).toHaveLength(48)
    await service.close()
  })

  test('two keys of one label, and keys of other curves, are refused', async () => {
    for (const id of ['61', '62'])
      tool(
        '--keypairgen',
        '--key-type',
        'EC:secp256k1',
        '--id',
        id,
        '--label',
        'twins',
      )
    tool(
      '--keypairgen',
      '--key-type',
      'EC:prime256v1',
      '--id',
      '63',
      '--label',
      'p256',
    )
    tool(
      '--keypairgen',
      '--key-type',
      'rsa:2048',
      '--id',
      '64',
      '--label',
      'rsa',
    )
    const service = await createPkcs11Service(at('treasury'))
    const refusal = (keyId: string) =>
      service.signDigest(keyId, new Uint8Array(32)).then(
        () => 'signed',
        (error: Error) => error.message,
      )
    expect(await refusal('twins')).toContain('2 private keys have this name')
    expect(await refusal('p256')).toContain('its curve is not secp256k1')
    expect(await refusal('rsa')).toContain('it is not an EC key')
    expect(await refusal('pkcs11:id=%61')).toBe('signed')
    await service.close()
  })

  test('a wrong PIN is tried once, and never shown', async () => {
    const service = await createPkcs11Service({
      ...at('second'),
      pin: '87654321',
    })
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => service.getPublicKey('any')),
    )
    for (const { reason } of attempts as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({
        code: 'pkcs11-pin',
        returnValue: 'CKR_PIN_INCORRECT',
      })
      expect(reason.message).not.toContain('87654321')
    }
    await service.close()
  })

  test('a key leaves only if it was made to, for one recipient, by two people', async () => {
    const source = openToken(at('treasury'))
    const target = openToken(at('second'))
    await source.createKey({ label: 'travels', isExtractable: true })
    const recipient = await target.createRecipient('restore')
    expect(fingerprint(recipient)).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/)
    expect(
      createPublicKey({
        key: Buffer.from(recipient),
        format: 'der',
        type: 'spki',
      }).asymmetricKeyDetails,
    ).toMatchObject({ modulusLength: 3072 })

    const ask = { keyId: 'travels', recipient, hash: 'sha1' as const }
    await expect(
      source.wrapKey(officerPin, { ...ask, keyId: 'ours' }),
    ).rejects.toThrow(/can never leave/)
    // Somebody else made this one, without the trusted attribute.
    tool(
      '--keypairgen',
      '--key-type',
      'EC:secp256k1',
      '--label',
      'loose',
      '--extractable',
    )
    await expect(
      source.wrapKey(officerPin, { ...ask, keyId: 'loose' }),
    ).rejects.toThrow(/CKA_WRAP_WITH_TRUSTED/)
    expect(await source.findOaepHash()).toBe('sha1')
    await expect(
      source.wrapKey(officerPin, { ...ask, hash: 'sha256' }),
    ).rejects.toMatchObject({ code: 'pkcs11' })
    expect(await source.removeLeftovers()).toBe(0)
    await expect(source.wrapKey('00000000', ask)).rejects.toMatchObject({
      code: 'pkcs11-pin',
    })

    const wrapped = await source.wrapKey(officerPin, ask)
    expect(wrapped).toMatchObject({ label: 'travels', hash: 'sha1' })
    // 3072 bits of RSA, and 64 bytes of PKCS#8 with eight of KWP.
    expect(wrapped.bytes).toHaveLength(384 + 72)
    expect(await source.removeLeftovers()).toBe(0)
    const unwrap = {
      recipientLabel: 'restore',
      wrapped,
      label: 'back',
      isExtractable: false,
    }
    for (const at of [0, 100, 383, 384, 455]) {
      const bytes = wrapped.bytes.slice()
      bytes[at] = (bytes[at] ?? 0) ^ 1
      await expect(
        target.unwrapKey({ ...unwrap, wrapped: { ...wrapped, bytes } }),
      ).rejects.toMatchObject({ code: 'pkcs11' })
    }
    for (const length of [0, 383, 384, 385, 455])
      await expect(
        target.unwrapKey({
          ...unwrap,
          wrapped: { ...wrapped, bytes: wrapped.bytes.slice(0, length) },
        }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^pkcs11/) })
    await target.unwrapKey(unwrap)
    const open = async (token: string, keyId: string) => {
      const service = await createPkcs11Service(at(token))
      const key = await SigningKey.connect({ service, keyId })
      await key.sign({ kind: 'message', message: 'proof' })
      await service.close()
      return key.address
    }
    expect(await open('second', 'back')).toBe(await open('treasury', 'travels'))
    await expect(target.unwrapKey(unwrap)).rejects.toThrow(
      /already has this label/,
    )
    await target.destroyRecipient('restore')
    await expect(
      target.unwrapKey({ ...unwrap, label: 'again' }),
    ).rejects.toThrow(/no RSA key/)

    expect(
      (await source.listKeys()).map(
        ({ label, isExtractable, isForTrustedOnly, isLocal }) => ({
          label,
          isExtractable,
          isForTrustedOnly,
          isLocal,
        }),
      ),
    ).toMatchObject([
      { label: 'loose', isExtractable: true, isForTrustedOnly: false },
      { label: 'ours', isExtractable: false, isLocal: true },
      { label: 'theirs' },
      { label: 'travels', isExtractable: true, isForTrustedOnly: true },
      { label: 'twins' },
      { label: 'twins' },
    ])
    await source.destroyKey('travels')
    expect(
      (await source.listKeys()).some(({ label }) => label === 'travels'),
    ).toBe(false)
  })
})

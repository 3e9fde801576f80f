import { SigningKey } from '@keyward/core'
import {
  createPkcs11Service,
  openToken,
  type Pkcs11Service,
} from '@keyward/core/pkcs11'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSoftHsm, pin, withoutHsm } from '../support/softHsm.js'
import { without } from '../support/tools.js'
import { buildLyingLibrary } from './buildLyingLibrary.js'

// What a library may answer that lies or breaks, through the same calls as any
// other's: lying.c stands before SoftHSM2.
describe.skipIf(withoutHsm || without('gcc'))('a library that lies', () => {
  let hsm: ReturnType<typeof createSoftHsm>
  let library: string
  const services: Pkcs11Service[] = []

  beforeAll(async () => {
    hsm = createSoftHsm(['treasury'])
    library = buildLyingLibrary(hsm)
    await openToken({ library, tokenLabel: 'treasury', pin }).createKey({
      label: 'payouts',
      isExtractable: false,
    })
  })
  afterEach(async () => {
    lie('nothing')
    for (const service of services.splice(0)) await service.close()
  })
  afterAll(() => hsm.remove())

  /** The library reads it at each call. */
  function lie(kind: string, times = 1) {
    process.env.KEYWARD_LIE = kind
    process.env.KEYWARD_LIE_TIMES = String(times)
  }
  async function open(sessions = 4) {
    const service = await createPkcs11Service({
      ...{ library, tokenLabel: 'treasury', pin, sessions },
    })
    services.push(service)
    return service
  }
  const connect = async (sessions?: number) =>
    SigningKey.connect({ service: await open(sessions), keyId: 'payouts' })
  const request = { kind: 'message', message: 'hello' } as const

  test.each(['high s', 'low s'])(
    '%s: the signature is made low',
    async (kind) => {
      const key = await connect()
      lie(kind, 20)
      for (let round = 0; round < 20; round++) {
        const { s } = await key.sign(request)
        expect(s < 2n ** 255n).toBe(true)
      }
    },
  )

  test.each([
    ['another digest', 'invalid-signature'],
    ['swapped', 'invalid-signature'],
    ['zeros', 'invalid-signature'],
    ['ones', 'invalid-signature'],
    ['63 bytes', 'pkcs11-response'],
    ['65 bytes', 'pkcs11-response'],
    ['no bytes', 'pkcs11-response'],
  ])(
    '%s: nothing is returned, and the next one is good',
    async (kind, code) => {
      const key = await connect()
      lie(kind)
      await expect(key.sign(request)).rejects.toMatchObject({ code })
      expect(await key.sign(request)).toMatchObject({ address: key.address })
    },
  )

  test.each(['session lost', 'device error', 'removed', 'finalized'])(
    '%s: everything is opened anew, once',
    async (kind) => {
      const key = await connect()
      lie(kind)
      expect(await key.sign(request)).toMatchObject({ address: key.address })
      // All workers find out.
      await Promise.all(Array.from({ length: 20 }, () => key.sign(request)))
      lie(kind, 2)
      await expect(key.sign(request)).rejects.toMatchObject({ code: 'pkcs11' })
      expect(await key.sign(request)).toMatchObject({ address: key.address })
    },
  )

  test.each(['no session', 'not present'])(
    '%s: the error says so, and the next call is good',
    async (kind) => {
      const service = await open(1)
      lie(kind, 2)
      await expect(service.getPublicKey('payouts')).rejects.toMatchObject({
        code: 'pkcs11',
      })
      lie('nothing')
      expect(await service.getPublicKey('payouts')).toHaveProperty('spki')
    },
  )

  test.each(['locked', 'expired'])(
    'a PIN that is %s is not tried again',
    async (kind) => {
      const service = await open()
      lie(kind)
      const refused = { code: 'pkcs11-pin' }
      await expect(service.getPublicKey('payouts')).rejects.toMatchObject(
        refused,
      )
      // The library would take it now.
      await expect(service.getPublicKey('payouts')).rejects.toMatchObject(
        refused,
      )
    },
  )

  test('a point without its wrapping is read all the same', async () => {
    lie('nothing')
    const key = await connect()
    lie('bare point', 2)
    expect(await connect()).toMatchObject({ address: key.address })
  })

  test.each([
    ['compressed point', 'pkcs11-response'],
    ['point off the curve', 'invalid-public-key'],
  ])('%s: refused', async (kind, code) => {
    lie(kind, 2)
    await expect(connect()).rejects.toMatchObject({ code })
  })

  test('a token that gives its objects one at a time: twins are twins', async () => {
    const token = openToken({ library, tokenLabel: 'treasury', pin })
    await token.createKey({ label: 'twins', isExtractable: false })
    // The one label is looked for before each is made.
    lie('hides', 1)
    await token.createKey({ label: 'twins', isExtractable: false })
    lie('one at a time', 99)
    expect(await token.listKeys()).toHaveLength(3)
    const service = await open()
    await expect(service.getPublicKey('twins')).rejects.toThrow(
      '2 private keys have this name',
    )
  })

  test('a slow token: the caller waits no longer than it wants to', async () => {
    const service = await open(1)
    const key = await SigningKey.connect({ service, keyId: 'payouts' })
    lie('slow')
    const began = Date.now()
    const deadline = began + 300
    const late = await Promise.allSettled([
      key.sign(request, { deadline }),
      key.sign(request, { deadline }),
    ])
    for (const each of late)
      expect(each).toMatchObject({
        reason: { code: expect.stringMatching(/^(pkcs11|signing)-timeout$/) },
      })
    expect(Date.now() - began).toBeLessThan(1200)
    const signal = AbortSignal.abort(new Error('not wanted'))
    await expect(key.sign(request, { signal })).rejects.toThrow('not wanted')
    // The session is used again once the library has returned.
    expect(await key.sign(request)).toMatchObject({ address: key.address })
  })
})

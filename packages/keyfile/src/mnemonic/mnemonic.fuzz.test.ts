import fc from 'fast-check'
import * as HdKey from 'ox/HdKey'
import * as Mnemonic from 'ox/Mnemonic'
import { expect, test } from 'vitest'
import { readBytes } from '../../../../test/support/readBytes.js'
import { soak } from '../../../../test/support/tools.js'

// ox derives keys with bigints; ours uses bytes that can be zeroed.

const strength = fc.constantFrom(128, 160, 192, 224, 256)
const passphrase = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const step = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fc.constantFrom(0, 1, 44, 60, 2 ** 31 - 1),
    ),
    fc.constantFrom('', "'"),
  )
  .map(([index, mark]) => `/${index}${mark}`)
const path = fc
  .array(step, { maxLength: 7 })
  .map((steps) => `m${steps.join('')}`)

test("a phrase gives the same key as ox's Mnemonic and HdKey", async () => {
  await fc.assert(
    fc.asyncProperty(
      strength,
      passphrase,
      path,
      async (strength, passphrase, derivationPath) => {
        const phrase = Mnemonic.random(Mnemonic.english, { strength })
        const seed = Mnemonic.toSeed(phrase, { passphrase })
        const { privateKey } = HdKey.fromSeed(seed).derive(derivationPath)
        const read = await readBytes(Buffer.from(phrase), {
          passphrase,
          derivationPath,
        })
        expect(`0x${read.hex}`).toBe(privateKey)
      },
    ),
    { numRuns: soak ? 200 : 10 },
  )
})

test('a phrase is accepted exactly if ox finds it valid', async () => {
  const words = Mnemonic.english
  const phrase = fc
    .tuple(strength, fc.option(fc.tuple(fc.nat(23), fc.nat(words.length - 1))))
    .map(([strength, change]) => {
      const phrase = Mnemonic.random(words, { strength }).split(' ')
      const [place, word] = change ?? []
      if (place !== undefined && word !== undefined)
        phrase[place % phrase.length] = words[word] ?? ''
      return phrase.join(' ')
    })
  await fc.assert(
    fc.asyncProperty(phrase, async (phrase) => {
      const reading = readBytes(Buffer.from(phrase))
      if (Mnemonic.validate(phrase, words)) await reading
      else
        await expect(reading).rejects.toMatchObject({
          code: 'invalid-key-file',
          shortMessage: 'The recovery phrase has a wrong checksum.',
        })
    }),
    { numRuns: soak ? 300 : 10 },
  )
})

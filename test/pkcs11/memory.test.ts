import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SigningKey } from '@keyward/core'
import { createPkcs11Service } from '@keyward/core/pkcs11'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scanMemory } from '../support/scanMemory.js'
import { createSoftHsm, pin, withoutHsm } from '../support/softHsm.js'
import { toolPath } from '../support/tools.js'

// SoftHSM2 works within this process, so that it can be seen what of the key is
// in its memory; a CloudHSM's key never is.
describe.skipIf(withoutHsm || process.platform !== 'linux')(
  "a token's private key",
  () => {
    let hsm: ReturnType<typeof createSoftHsm>
    /** Bytewise complement: the key itself would be found here else. */
    let hidden: Buffer
    const control = randomBytes(32)

    let scanner: string

    beforeAll(() => {
      hsm = createSoftHsm(['memory'])
      // Once, as to load TypeScript takes longer than a search.
      scanner = join(hsm.folder, 'scanMemory.mjs')
      buildSync({
        entryPoints: [join(import.meta.dirname, '../support/scanMemory.ts')],
        outfile: scanner,
      })
      const pem = join(hsm.folder, 'key.pem')
      // Made elsewhere: it was never in this process.
      execFileSync(toolPath('openssl'), [
        ...['genpkey', '-algorithm', 'EC', '-out', pem],
        ...['-pkeyopt', 'ec_paramgen_curve:secp256k1'],
      ])
      execFileSync(
        toolPath('softhsm2-util'),
        [
          ...['--import', pem, '--token', 'memory', '--label', 'known'],
          ...['--id', '01', '--pin', pin],
        ],
        { stdio: 'pipe' },
      )
      const script =
        "const {createPrivateKey}=require('crypto');const k=createPrivateKey(require('fs').readFileSync(process.argv[1]));process.stdout.write(Buffer.from(k.export({format:'jwk'}).d,'base64url').map((b)=>b^255))"
      hidden = execFileSync(process.execPath, ['-e', script, pem])
      writeFileSync(pem, '')
    })
    afterAll(() => hsm.remove())

    /** In a process of its own, as the search needs the key in the clear. */
    function scan(): string[] {
      const script = `
        const [pid, hidden, control] = process.argv.slice(1)
        import(${JSON.stringify(scanner)}).then(({ scanMemory }) => {
          const flip = (hex) => Buffer.from(hex, 'hex').map((b) => b ^ 255)
          const key = flip(hidden)
          const text = (b) => Buffer.from(b.toString('hex'))
          const { found } = scanMemory(Number(pid), {
            key, control: flip(control), hex: text(key),
            base64: Buffer.from(key.toString('base64').slice(0, 40)),
          })
          console.log(JSON.stringify(found))
        })`
      const flipped = control.map((byte) => byte ^ 255)
      const answer = execFileSync(process.execPath, [
        ...['-e', script, String(process.pid)],
        ...[hidden.toString('hex'), Buffer.from(flipped).toString('hex')],
      ])
      return JSON.parse(answer.toString())
    }

    test('is nowhere in the process before and after each call', async () => {
      expect(control).toHaveLength(32)
      expect(scan()).toEqual(['control'])
      const service = await createPkcs11Service({
        ...{ library: hsm.library, tokenLabel: 'memory', pin },
      })
      const key = await SigningKey.connect({ service, keyId: 'known' })
      expect(scan()).toEqual(['control'])
      for (let round = 0; round < 3; round++) {
        await key.sign({ kind: 'message', message: `${round}` })
        expect(scan()).toEqual(['control'])
      }
      await service.close()
      expect(scan()).toEqual(['control'])
    })

    test('would be found, if it were here', () => {
      const { privateKey } = generateKeyPairSync('ec', {
        namedCurve: 'secp256k1',
      })
      const { d = '' } = privateKey.export({ format: 'jwk' })
      const bytes = Buffer.from(d, 'base64url')
      const { found } = scanMemory(process.pid, { key: bytes })
      expect(
        createPrivateKey({
          key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
        }),
      ).toBeDefined()
      expect(found).toEqual(['key'])
    })
  },
)

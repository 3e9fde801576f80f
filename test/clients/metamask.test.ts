import { createPublicKey, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateKeyCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
} from '@aws-sdk/client-kms'
import {
  recoverPersonalSignature,
  recoverTypedSignature,
  SignTypedDataVersion,
} from '@metamask/eth-sig-util'
import SimpleKeyring from '@metamask/eth-simple-keyring'
import type { Hex } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { followGuide } from '../support/followGuide.js'
import { toPem } from '../support/keyPem.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { readGuide } from '../support/readGuide.js'
import { run } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { soak, without } from '../support/tools.js'
import { wrapKeyMaterial } from '../support/wrapKeyMaterial.js'

// MetaMask's own keyring holds the key that KMS holds.

const random = randomBytes(32).toString('hex')
/** Keys by what is special about them; each is as good as any other. */
const keys: Record<string, Hex> = {
  'a leading zero byte': `0x00${random.slice(2)}`,
  'any key': `0x${random}`,
  'three leading zero bytes': `0x000000${random.slice(6)}`,
  'zero bytes at the end': `0x${random.slice(0, 58)}000000`,
  'the highest bit': `0xff${random.slice(2)}`,
}

const typedData = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallets', type: 'address[]' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person[]' },
      { name: 'contents', type: 'string' },
      { name: 'attachment', type: 'bytes' },
      { name: 'amount', type: 'uint256' },
      { name: 'change', type: 'int8' },
      { name: 'final', type: 'bool' },
    ],
  },
  primaryType: 'Mail' as const,
  domain: {
    name: 'Ether Mail',
    chainId: 1,
    verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
  },
  message: {
    from: {
      name: 'Cow',
      wallets: ['0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826'],
    },
    to: [{ name: 'Bob', wallets: [] }],
    contents: 'Grüße, 世界',
    attachment: '0x00ff00',
    amount:
      '115792089237316195423570985008687907853269984665640564039457584007913129639935',
    change: -128,
    final: true,
  },
}
const messages = ['This account is mine', 'Grüße, 世界\n', '', '0x1234']

describe.skipIf(without('aws') || without('openssl'))('MetaMask', () => {
  let home: RunningHome
  let kms: KMSClient
  let folder: string
  let env: Record<string, string>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyward metamask '))
    home = await startLocalHome({ args: ['--no-chain'] })
    env = await home.env('operator')
    kms = connectKms(env)
  })
  afterAll(async () => {
    kms.destroy()
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function importKey(secret: Hex): Promise<string> {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        Origin: 'EXTERNAL',
      }),
    )
    const KeyId = KeyMetadata?.Arn ?? ''
    const { PublicKey, ImportToken } = await kms.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    )
    const pkcs8 = Buffer.from(
      toPem(secret).split('\n').slice(1, -2).join(''),
      'base64',
    )
    await kms.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken,
        EncryptedKeyMaterial: wrapKeyMaterial(
          'RSAES_OAEP_SHA_256',
          Buffer.from(PublicKey ?? []),
          pkcs8,
        ),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    )
    return KeyId
  }
  const keyward = async (args: string[], input = '') => {
    const { code, stdout, stderr } = await runInProcess(args, env, { input })
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  }
  async function keyringOf(hex: string) {
    const keyring = new SimpleKeyring()
    await keyring.deserialize([hex])
    const [address = '0x'] = await keyring.getAccounts()
    return { keyring, address }
  }
  /** Follows one section of the guide, with this key as key.pem and $key. */
  async function follow(heading: string, secret: Hex, keyId = '') {
    await writeFile(join(folder, 'key.pem'), toPem(secret))
    const { code, shown } = await followGuide({
      guide: 'metamask',
      heading,
      home,
      folder,
      env,
      before: `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
        cd '${folder}'; key='${keyId}'`,
    })
    expect(code, shown).toBe(0)
    return shown.trim().split(/\s+/)
  }

  test.each(Object.entries(keys).slice(0, soak ? undefined : 1))(
    'has the address of KMS: %s',
    async (_, secret) => {
      const [hex = '', count] = await follow(
        'The private key: 64 hex digits',
        secret,
      )
      expect(`0x${hex}`).toBe(secret)
      expect(count).toBe('64')
      const { address } = await keyringOf(hex)
      const { PublicKey } = await kms.send(
        new GetPublicKeyCommand({ KeyId: await importKey(secret) }),
      )
      const point = Buffer.from(PublicKey ?? []).subarray(-65)
      expect(
        publicKeyToAddress(`0x${point.toString('hex')}`).toLowerCase(),
      ).toBe(address)
    },
  )

  test('and the guide shows public key and address of both', async () => {
    const secret = keys['a leading zero byte'] as Hex
    const keyId = await importKey(secret)
    const [own, ofKms] = await follow(
      'The public key: 128 hex digits',
      secret,
      keyId,
    )
    const spki = createPublicKey(toPem(secret)).export({
      format: 'der',
      type: 'spki',
    })
    expect(own).toBe(spki.subarray(-64).toString('hex'))
    expect(ofKms).toBe(own)
    const { address } = await keyringOf(secret.slice(2))
    const shown = await follow(
      'Import it into MetaMask, and compare',
      secret,
      keyId,
    )
    expect(shown.map((word) => word.toLowerCase())).toContain(address)
  })

  test('refuses a key that lost its leading zero byte, as recipes make it', async () => {
    const secret = keys['a leading zero byte'] as Hex
    const recipe = /^ {4}(openssl ec .*sed.*)$/m.exec(
      readGuide('metamask'),
    )?.[1]
    await writeFile(join(folder, 'key.pem'), toPem(secret))
    const { stdout: hex } = await run('bash', ['-c', recipe ?? 'false'], {
      cwd: folder,
    })
    expect(`0x00${hex}`).toBe(secret)
    await expect(keyringOf(hex)).rejects.toThrow()
  })

  test('takes the signatures of KMS for those of the account', async () => {
    const secret = keys['a leading zero byte'] as Hex
    const keyId = await importKey(secret)
    const { address } = await keyringOf(secret.slice(2))
    for (const message of messages) {
      const { signature } = await keyward(
        ['sign', 'message', '--key', keyId, '--in', '-', '--json'],
        message,
      )
      const data = `0x${Buffer.from(message).toString('hex')}`
      expect(recoverPersonalSignature({ data, signature })).toBe(address)
    }
    const { signature } = await keyward(
      ['sign', 'typed-data', '--key', keyId, '--in', '-', '--json'],
      JSON.stringify(typedData),
    )
    const version = SignTypedDataVersion.V4
    expect(recoverTypedSignature({ data: typedData, signature, version })).toBe(
      address,
    )

    const shown = await follow('A signature of KMS in MetaMask', secret, keyId)
    expect(
      recoverPersonalSignature({
        data: `0x${Buffer.from('This account is mine').toString('hex')}`,
        signature: shown.find((word) => /^0x\w{130}$/.test(word)) ?? '',
      }),
    ).toBe(address)
  })

  test('signs what keyward takes for a signature of the account', async () => {
    const secret = keys['three leading zero bytes'] as Hex
    const keyId = await importKey(secret)
    const { keyring, address } = await keyringOf(secret.slice(2))
    const verify = (input: object) =>
      keyward(
        ['verify', '--address', address, '--in', '-', '--json'],
        JSON.stringify(input),
      )
    for (const message of messages) {
      const data = `0x${Buffer.from(message).toString('hex')}` as Hex
      const signature = await keyring.signPersonalMessage(address, data)
      expect(await verify({ message, signature })).toMatchObject({
        valid: true,
      })
    }
    const signature = await keyring.signTypedData(address, typedData, {
      version: SignTypedDataVersion.V4,
    })
    expect(await verify({ typedData, signature })).toMatchObject({
      valid: true,
    })

    const message = 'This account is mine'
    const data = `0x${Buffer.from(message).toString('hex')}` as Hex
    await writeFile(
      join(folder, 'signed.json'),
      JSON.stringify({
        message,
        signature: await keyring.signPersonalMessage(address, data),
      }),
    )
    expect(
      await follow('A signature of MetaMask in Keyward', secret, keyId),
    ).toContain('valid:')
  })
})

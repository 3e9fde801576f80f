import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  parseTransaction,
  recoverMessageAddress,
  recoverTransactionAddress,
  recoverTypedDataAddress,
} from 'viem'
import { recoverAuthorizationAddress } from 'viem/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { refusal } from '../support/refusal.js'
import { runInProcess } from '../support/runInProcess.js'

let home: RunningHome
let env: Record<string, string>
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-files-'))
  home = await startLocalHome()
  env = await home.env()
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const cli = (args: string[], input: string | Uint8Array = '') =>
  runInProcess(args, env, { input })

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const tx = {
  type: 'eip1559',
  chainId: 31337,
  nonce: 0,
  to,
  value: '1000000000000000',
  gas: 21000,
  maxFeePerGas: '3000000000',
  maxPriorityFeePerGas: '1000000000',
}
const typedData = {
  types: { Mail: [{ name: 'contents', type: 'string' }] },
  primaryType: 'Mail',
  domain: { name: 'Keyward', chainId: 31337 },
  message: { contents: 'hello' },
} as const
const secret =
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

describe('sign', () => {
  test('tx: exactly raw, hash and from; viem agrees', async () => {
    const ran = await cli(
      ['sign', 'tx', '--in', '-', '--json'],
      JSON.stringify(tx),
    )
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({
      code: 0,
      stderr: `local home ${home.ready.endpoint}
Signing a transaction of type eip1559 on chain 31337, nonce 0: 0.001 ETH to ${to} and at most 0.000063 ETH in fees.
`,
    })
    const signed = JSON.parse(ran.stdout)
    expect(Object.keys(signed)).toEqual(['raw', 'hash', 'from'])
    expect(signed.from).toBe(home.key.address)
    const sender = await recoverTransactionAddress({
      serializedTransaction: signed.raw,
    })
    expect(sender).toBe(home.key.address)
    expect(parseTransaction(signed.raw)).toMatchObject({
      type: 'eip1559',
      value: 1000000000000000n,
      gas: 21000n,
    })
  })

  test('tx from a file, as text, by an alias', async () => {
    const file = join(folder, 'tx.json')
    await writeFile(file, JSON.stringify(tx))
    const args = ['--key', 'alias/keyward-dev', '--in', file]
    const ran = await cli(['sign', 'tx', ...args])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(
      new RegExp(
        `^raw   0x02[0-9a-f]+\nhash  0x[0-9a-f]{64}\nfrom  ${home.key.address}\n$`,
      ),
    )
  })

  test('message: the bytes of the input, a newline counts', async () => {
    for (const input of ['hello', 'hello\n', '', 'größe ✓']) {
      const ran = await cli(['sign', 'message', '--in', '-', '--json'], input)
      const { signature, address, ...rest } = JSON.parse(ran.stdout)
      expect(rest).toEqual({})
      expect(address).toBe(home.key.address)
      expect(await recoverMessageAddress({ message: input, signature })).toBe(
        home.key.address,
      )
    }
  })

  test('message: bytes that are no text, and --hex', async () => {
    const bytes = Uint8Array.of(0xff, 0, 0xfe)
    const plain = await cli(['sign', 'message', '--in', '-', '--json'], bytes)
    const hex = await cli(
      ['sign', 'message', '--in', '-', '--hex', '--json'],
      '0xff00FE\n',
    )
    for (const { stdout } of [plain, hex])
      expect(
        await recoverMessageAddress({
          message: { raw: bytes },
          signature: JSON.parse(stdout).signature,
        }),
      ).toBe(home.key.address)
  })

  test('typed data', async () => {
    const ran = await cli(
      ['sign', 'typed-data', '--in', '-', '--json'],
      JSON.stringify(typedData),
    )
    const { signature, address } = JSON.parse(ran.stdout)
    expect(address).toBe(home.key.address)
    expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(
      home.key.address,
    )
  })

  const authorization = { address: to, chainId: 31337, nonce: 1 }

  test('authorization: refused in words, then signed', async () => {
    const input = JSON.stringify(authorization)
    const words = `The authorization delegates the account of key ${env.AWS_KMS_KEY_ID} to the code of the contract ${to} on chain 31337. That code can then move everything that the account owns, until another authorization revokes this one.`
    const args = ['sign', 'authorization', '--in', '-', '--json']
    expect(await cli(args, input)).toEqual({
      code: 1,
      stdout: refusal('delegation-not-allowed'),
      stderr: `Error: The request contains a delegation of an account (EIP-7702).
${words}
To allow this, add --allow-delegation.
See docs/errors/delegation-not-allowed.md, or run:
  keyward explain delegation-not-allowed
`,
    })
    const ran = await cli([...args, '--allow-delegation'], input)
    expect(ran.code).toBe(0)
    expect(ran.stderr).toContain(words)
    const signed = JSON.parse(ran.stdout)
    expect(signed).toEqual({
      address: to.toLowerCase(),
      chainId: 31337,
      nonce: '1',
      r: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      s: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      yParity: expect.toBeOneOf([0, 1]),
      authority: home.key.address,
    })
    const { authority, ...rest } = signed
    expect(
      await recoverAuthorizationAddress({
        authorization: { ...rest, nonce: 1 },
      }),
    ).toBe(authority)
  })

  test('an authorization for every chain needs --any-chain too', async () => {
    const input = JSON.stringify({ ...authorization, chainId: 0 })
    const args = ['sign', 'authorization', '--in', '-', '--json']
    const ran = await cli([...args, '--allow-delegation'], input)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('delegation-not-allowed'),
    })
    expect(ran.stderr).toContain('on EVERY present and future chain')
    expect(ran.stderr).toContain('add --any-chain.')
    const flags = ['--allow-delegation', '--any-chain']
    expect((await cli([...args, ...flags], input)).code).toBe(0)
  })

  test('a transaction of type 4 names who hands over, and to whom', async () => {
    const allowed = ['--allow-delegation', '--json', '--in', '-']
    const { stdout } = await cli(
      ['sign', 'authorization', ...allowed],
      JSON.stringify(authorization),
    )
    // As it was printed, `authority` and all.
    const signed = JSON.parse(stdout)
    const toInput = (change: object, nonce = tx.nonce) =>
      JSON.stringify({
        ...tx,
        type: 'eip7702',
        gas: 100_000,
        nonce,
        authorizationList: [{ ...signed, ...change }],
      })
    const input = toInput({})
    const refused = await cli(['sign', 'tx', '--in', '-'], input)
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({
      code: 1,
      stdout: '',
    })
    expect(refused.stderr).toContain(
      `The authorization delegates account ${home.key.address} to the code of the contract ${to} on chain 31337`,
    )
    const ran = await cli(['sign', 'tx', ...allowed], input)
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout).raw).toMatch(/^0x04/)

    const forged = await cli(
      ['sign', 'tx', ...allowed],
      toInput({ authority: to }),
    )
    expect([forged.code, forged.stdout]).toEqual([
      1,
      refusal('invalid-request'),
    ])
    expect(forged.stderr).toContain(
      `authorizationList[0].authority: got "${to}"; allowed: ${home.key.address}, which signed this authorization`,
    )

    const { nonce } = authorization
    const same = await cli(['sign', 'tx', ...allowed], toInput({}, nonce))
    expect(same.code).toBe(0)
    expect(same.stderr).toContain(
      `But it has no effect if account ${home.key.address} sends this transaction itself: the transaction uses up nonce ${nonce}, and the authorization would need nonce ${nonce + 1}.`,
    )
    expect(ran.stderr.includes('it has no effect')).toBe(tx.nonce === nonce)
  })
})

describe('sign refuses', () => {
  const notSigned = async (args: string[], input: string | Uint8Array) => {
    const ran = await cli(args, input)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: '',
    })
    expect(ran.stderr).not.toContain('    at ')
    expect(ran.stderr).not.toContain(secret.slice(2))
    return ran.stderr
  }
  const stdin = ['--in', '-']

  test('a file that is missing, a folder, no JSON, no UTF-8', async () => {
    expect(
      await notSigned(['sign', 'tx', '--in', '/nonexistent/tx.json'], ''),
    ).toContain('The file does not exist.')
    expect(await notSigned(['sign', 'tx', '--in', folder], '')).toContain(
      'The path is a folder.',
    )
    expect(await notSigned(['sign', 'tx', ...stdin], 'nonce: 1')).toContain(
      'Standard input is not JSON.',
    )
    expect(await notSigned(['sign', 'tx', ...stdin], '')).toContain(
      'The input is empty.',
    )
    expect(
      await notSigned(['sign', 'tx', ...stdin], Uint8Array.of(0xff)),
    ).toContain('not UTF-8 text')
    expect(
      await notSigned(['sign', 'message', '--hex', ...stdin], 'abc'),
    ).toContain('is not hex text')
  })

  test('a private key in place of JSON, and in each field', async () => {
    await notSigned(['sign', 'tx', ...stdin], secret)
    await notSigned(['sign', 'typed-data', ...stdin], secret)
    for (const field of Object.keys(tx))
      expect(
        await notSigned(
          ['sign', 'tx', ...stdin],
          JSON.stringify({ ...tx, [field]: secret }),
        ),
      ).toContain(field)
  })

  test('everything that is wrong with a transaction, at once', async () => {
    const wrong = { ...tx, nonce: -1, gas: '1.5', extra: true }
    expect(
      await notSigned(['sign', 'tx', ...stdin], JSON.stringify(wrong)),
    ).toMatch(
      /The transaction was refused: 3 problems[\s\S]*extra[\s\S]*nonce[\s\S]*gas/,
    )
  })

  test('keys that are unknown, disabled or of another account', async () => {
    expect(
      await notSigned(
        ['sign', 'message', '--key', 'alias/nope', ...stdin],
        'x',
      ),
    ).toContain('AWS returned NotFoundException')
    const other = home.key.arn.replace('000000000000', '123456789012')
    await notSigned(['sign', 'message', '--key', other, ...stdin], 'x')
  })
})

describe('verify', () => {
  const verify = (input: string, address = home.key.address) =>
    cli(['verify', '--address', address, '--in', '-', '--json'], input)
  const answer = (valid: boolean, address = home.key.address) => ({
    code: valid ? 0 : 1,
    stdout: `${JSON.stringify({ valid, address })}\n`,
  })
  const sign = async (args: string[], input: string) =>
    JSON.parse(
      (await cli(['sign', ...args, '--in', '-', '--json'], input)).stdout,
    )

  test('what sign made is valid, for its address alone', async () => {
    const { raw } = await sign(['tx'], JSON.stringify(tx))
    const message = await sign(['message'], 'hello')
    const typed = await sign(['typed-data'], JSON.stringify(typedData))
    const inputs = [
      `${raw}\n`,
      JSON.stringify({ message: 'hello', signature: message.signature }),
      JSON.stringify({
        message: { raw: '0x68656c6c6f' },
        signature: message.signature,
      }),
      JSON.stringify({ typedData, signature: typed.signature }),
    ]
    for (const input of inputs) {
      expect(await verify(input)).toMatchObject(answer(true))
      expect(await verify(input, home.key.address.toLowerCase())).toMatchObject(
        answer(true),
      )
      const other = await verify(input, to)
      expect(other).toMatchObject(answer(false, to))
      expect(other.stderr).toBe(`Signed by ${home.key.address}.\n`)
    }
  })

  test('anything changed makes it invalid', async () => {
    const { raw } = await sign(['tx'], JSON.stringify(tx))
    const { signature } = await sign(['message'], 'hello')
    const n =
      0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const highS = (n - BigInt(`0x${signature.slice(66, 130)}`)).toString(16)
    const flipped = signature.endsWith('1b') ? '1c' : '1b'
    for (const input of [
      raw.slice(0, -2),
      `${raw}00`,
      raw.replace('38d7ea4c68000', '38d7ea4c68001'),
      JSON.stringify({ message: 'hellp', signature }),
      JSON.stringify({ message: 'hello', signature: `0x${'00'.repeat(65)}` }),
      JSON.stringify({ message: 'hello', signature: `0x${'ff'.repeat(65)}` }),
      // The same signature in its other form, which contracts refuse.
      JSON.stringify({
        message: 'hello',
        signature: `${signature.slice(0, 66)}${highS.padStart(64, '0')}${flipped}`,
      }),
    ])
      expect(await verify(input)).toMatchObject(answer(false))
  })

  test.each([
    ['hello'],
    [''],
    ['0x123'],
    ['{"message":"hello"}'],
    ['{"signature":"0x00"}'],
    ['{"message":"a","typedData":{},"signature":"0x00"}'],
    ['{"message":1,"signature":"0x00"}'],
    ['[]'],
    [`{"message":"a","signature":"${secret}"}`],
  ])('%s is no input', async (input) => {
    const ran = await verify(input)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('invalid-(input|request)'),
    })
    expect(ran.stderr).toMatch(/^Error: /)
    expect(ran.stdout + ran.stderr).not.toContain(secret)
  })

  test('an address with a wrong checksum, or a key, is refused', async () => {
    for (const address of [to.replace('C8', 'c8'), '0x12']) {
      const ran = await verify('0x00', address)
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({
        code: 2,
        stdout: refusal('invalid-request'),
      })
      expect(ran.stderr).toContain('--address: got ')
    }
    expect(await verify('0x00', secret)).toEqual({
      code: 2,
      stdout: expect.stringMatching(
        /^\{"code":"invalid-input","error":"--address looks(?!.*ac0974)/s,
      ),
      stderr: expect.stringMatching(
        /^error: --address looks like a private key(?!.*ac0974)/s,
      ),
    })
  })
})

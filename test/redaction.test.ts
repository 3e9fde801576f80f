import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { parseTransaction } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from './support/localHome.js'
import { signEvents } from './support/openStackedHome.js'
import { runInProcess } from './support/runInProcess.js'
import { synthesize } from './support/synthesize.js'
import { soak } from './support/tools.js'
import { wrapKeyMaterial } from './support/wrapKeyMaterial.js'

// One run from an empty folder to an imported key, signatures and refusals,
// with everything that is said on the way kept. Nothing of it may hold what
// moves money or lets somebody in.

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
const secret = Buffer.from(
  privateKey.export({ format: 'jwk' }).d ?? '',
  'base64url',
)
const hex = secret.toString('hex')
const address = privateKeyToAddress(`0x${hex}`)
/** What people paste when they mean something else. */
const pasted: Record<string, unknown> = {
  hex: `0x${hex}`,
  'bare hex': hex,
  'hex in capitals': hex.toUpperCase(),
  decimal: BigInt(`0x${hex}`).toString(),
  base64: secret.toString('base64'),
  PEM: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  list: [`0x${hex}`],
  member: { privateKey: `0x${hex}` },
}
const named = (name: string) => [
  `arn:aws:iam::000000000000:role/keyward-dev-${name}`,
]
// As call data it is any bytes to a function, and may not be in its log.
const callData = `0xfeedface${'5a'.repeat(40)}`

let folder: string
let home: RunningHome
/** What was said: by the home and its functions, in errors, by commands. */
const said: string[] = []
/** What may not be in it, by what it is. */
const secrets = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward redaction '))
  const assembly = await synthesize(join(folder, 'cdk.out'), {
    stackName: 'keyward-dev',
    network: 'local',
    origin: 'EXTERNAL',
    address,
    logLevel: 'DEBUG',
    administrators: named('admin'),
    users: named('user'),
    importers: named('importer'),
    breakGlass: named('break-glass'),
  })
  const dataDir = join(folder, 'home')
  const args = ['--assembly', assembly, '--no-chain']
  home = await startLocalHome({ dataDir, args })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

async function envOf(as: string): Promise<Record<string, string>> {
  const args = ['env', '--data-dir', home.dataDir, '--as', as, '--json']
  return JSON.parse((await runInProcess(args, {})).stdout)
}

async function credentialsOf(as: string) {
  const env = await envOf(as)
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = env
  secrets.set(`secret access key of ${as}`, AWS_SECRET_ACCESS_KEY)
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
  }
  return { endpoint: home.ready.endpoint, region: 'us-east-1', credentials }
}

/** Base64 of bytes that begin at any place in what is encoded. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      // The ends depend on the neighbours.
      .slice(4, -4),
  )
}

function leaksIn(text: string): string[] {
  const lower = text.toLowerCase()
  const leaks: string[] = []
  for (const [what, value] of secrets)
    if (text.includes(value) || lower.includes(value.toLowerCase()))
      leaks.push(what)
  for (const [what, pattern] of Object.entries(patterns))
    if (pattern.test(text)) leaks.push(what)
  return leaks
}
const masked = (text: string) =>
  text.replaceAll(new RegExp(hex, 'gi'), '<private key>').slice(0, 2000)
const patterns = {
  'an Authorization header': /AWS4-HMAC-SHA256|authorization["']?\s*:/i,
  // The home makes session tokens of 256 characters of base64.
  'a session token': /[A-Za-z0-9+/]{200,}/,
  'a PEM': /-----BEGIN|PRIVATE KEY/,
}

test('nothing that was said holds a key, a credential or a signature', async () => {
  secrets.set('private key in hex', hex)
  secrets.set('private key in decimal', String(pasted.decimal))
  secrets.set('private key in bytes', secret.toString('latin1'))
  secrets.set('private key in UTF-8', secret.toString('utf8'))
  base64Parts(secret).forEach((part, i) => {
    secrets.set(`private key in base64, shifted by ${i}`, part)
  })
  secrets.set('call data', callData.slice(2))

  await importSecret()
  const hashes = [...(await signByFunctions()), ...(await failByFunctions())]
  await useCommands()
  for (const as of ['admin', 'break-glass', 'root']) await credentialsOf(as)
  await home.stop()
  said.push(home.stderr())

  const everything = said.join('\n')
  // First each by itself, so that a leak shows where it is.
  for (const text of said)
    expect([leaksIn(text), masked(text)]).toEqual([[], masked(text)])
  expect(leaksIn(everything)).toEqual([])
  // What is searched is all there, and the search finds what is there.
  const signs = ['refused', 'failed', 'signed'].map((m) => `"message":"${m}"`)
  const there = [...hashes, ...signs, 'platform.report', 'Stopping.']
  expect(there.filter((text) => !everything.includes(text))).toEqual([])
  for (const [what, value] of secrets)
    expect(leaksIn(`${everything} ${value} `)).toContain(what)
  const header = 'Authorization: AWS4-HMAC-SHA256 Credential=x'
  expect(leaksIn(header)).toEqual(['an Authorization header'])
})

async function importSecret() {
  const client = new KMSClient(await credentialsOf('importer'))
  const KeyId = home.key.keyId
  const WrappingAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256'
  const set = await client.send(
    new GetParametersForImportCommand({
      KeyId,
      WrappingAlgorithm,
      WrappingKeySpec: 'RSA_2048',
    }),
  )
  const token = Buffer.from(set.ImportToken ?? [])
  secrets.set('import token', token.toString('base64'))
  // In the clear first, as people do: the refusal may not repeat it.
  for (const material of [
    pkcs8,
    secret,
    wrapKeyMaterial(WrappingAlgorithm, Buffer.from(set.PublicKey ?? []), pkcs8),
  ]) {
    const command = new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: set.ImportToken,
      EncryptedKeyMaterial: material,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    })
    const refused = await client.send(command).then(
      () => undefined,
      (error: Error) => `${error.name}: ${error.message}`,
    )
    if (material === pkcs8 || material === secret) {
      expect(refused).toBeDefined()
      said.push(String(refused))
    } else expect(refused).toBeUndefined()
  }
  client.destroy()
}

async function invoke(client: LambdaClient, name: string, event: unknown) {
  const answer = await client.send(
    new InvokeCommand({
      FunctionName: name,
      LogType: 'Tail',
      Payload: JSON.stringify(event),
    }),
  )
  said.push(Buffer.from(answer.LogResult ?? '', 'base64').toString())
  const payload = answer.Payload?.transformToString() ?? ''
  // An answer is for the caller; an error is what callers write into logs.
  if (answer.FunctionError) said.push(payload)
  return { failed: answer.FunctionError, payload: JSON.parse(payload) }
}

/** Signs with both and answers the hashes. */
async function signByFunctions(): Promise<string[]> {
  const client = new LambdaClient(await credentialsOf('user'))
  const hashes: string[] = []
  for (const [name, event] of Object.entries(signEvents)) {
    const { payload } = await invoke(client, name, { operation: 'status' })
    expect(payload.eth_checksum_address).toBe(address)
    const more = { data: callData, gas: 100_000 }
    const signed = await invoke(client, name, { ...event, ...more })
    expect(signed.failed).toBeUndefined()
    const raw = signed.payload.signed_tx ?? signed.payload.signed_tx_payload
    const { r = '0x', s = '0x' } = parseTransaction(raw)
    secrets.set(`transaction of ${name}`, raw.slice(2))
    secrets.set(`r of ${name}`, BigInt(r).toString(16))
    secrets.set(`s of ${name}`, BigInt(s).toString(16))
    hashes.push(signed.payload.signed_tx_hash)
  }
  client.destroy()
  return hashes
}

/** The key in every field and as the whole event; then a KMS that fails. */
async function failByFunctions(): Promise<string[]> {
  const client = new LambdaClient(await credentialsOf('user'))
  const hashes: string[] = []
  const optional = ['chainid', 'gas', 'data', 'value_wei', 'operation']
  for (const [name, event] of Object.entries(signEvents)) {
    const own = name.includes('eip1559') ? ['type', 'access_list'] : []
    const fields = [...Object.keys(event), ...optional, ...own, 'private_key']
    for (const [i, value] of Object.values(pasted).entries()) {
      await invoke(client, name, value)
      // Each value, and each field with one of them.
      const ones = [...new Set(fields)].filter(
        (_, j) => soak || j % Object.keys(pasted).length === i,
      )
      for (const field of ones) {
        const { amount, ...rest } = event
        const other = field === 'value_wei' ? rest : { ...rest, amount }
        const answer = await invoke(client, name, { ...other, [field]: value })
        const hash = answer.payload.signed_tx_hash
        if (hash !== undefined) hashes.push(hash)
      }
    }
    await invoke(client, name, { ...event, [`0x${hex}`]: 1 })
  }
  const faults = ['local', 'faults', '--data-dir', home.dataDir]
  for (const rate of ['1', '0']) {
    const set = await runInProcess([...faults, '--kms-error-rate', rate], {})
    expect(set.code).toBe(0)
    said.push(set.stdout, set.stderr)
    if (rate === '1')
      for (const [name, event] of Object.entries(signEvents))
        expect((await invoke(client, name, event)).failed).toBe('Unhandled')
  }
  client.destroy()
  return hashes
}

async function useCommands() {
  const env = await envOf('user')
  const { operation, ...legacy } = signEvents['keyward-dev-legacy-signer'] ?? {}
  const transaction = {
    type: 'eip1559',
    chainId: 31337,
    nonce: 0,
    to: legacy.dst_address,
    value: 1,
    gas: 21000,
    maxFeePerGas: 1,
    maxPriorityFeePerGas: 1,
  }
  const sign = (kind: string, more: string[] = []) => [
    ...['sign', kind, '--key', home.key.keyId, '--in', '-'],
    ...more,
  ]
  /** Prints an answer, whose text is for the caller, or fails. */
  async function command(args: string[], input = '') {
    const { code, stdout, stderr } = await runInProcess(args, env, { input })
    said.push(stderr)
    if (code !== 0) said.push(stdout)
    return { code, stdout }
  }
  const whole = JSON.stringify(transaction)
  const signed = await command(sign('tx', ['--json']), whole)
  expect(signed.code).toBe(0)
  const { raw } = JSON.parse(signed.stdout)
  secrets.set('transaction of keyward sign', raw.slice(2))
  const message = await command(sign('message', ['--json']), 'hello')
  const { signature } = JSON.parse(message.stdout)
  secrets.set('signature of keyward sign', signature.slice(2))
  const wrong = JSON.stringify({ message: 'other', signature })
  const shows = [
    ['key', 'list'],
    ['key', 'show', home.key.keyId],
    ['key', 'address', '--key', home.key.keyId],
  ]
  for (const args of shows) {
    const shown = await command(args)
    expect([args, shown.code]).toEqual([args, 0])
    said.push(shown.stdout)
  }
  const pastedKey = `0x${hex}`
  const everywhere = Object.fromEntries(
    Object.keys(transaction).map((name) => [name, pastedKey]),
  )
  const refused: [string[], string?][] = [
    [['verify', '--address', address, '--in', '-'], wrong],
    [['verify', '--address', pastedKey, '--in', '-'], wrong],
    [['key', 'show', pastedKey]],
    [['key', 'create', '--alias', pastedKey]],
    [['env', '--as', pastedKey, '--data-dir', home.dataDir]],
    [['sign', 'message', '--key', pastedKey, '--in', '-'], 'hello'],
    [['sign', 'tx', '--key', home.key.keyId, '--in', pastedKey]],
    [sign('tx'), pastedKey],
    [sign('tx'), JSON.stringify(everywhere)],
    [sign('tx'), JSON.stringify({ ...transaction, [pastedKey]: 1 })],
    [sign('typed-data'), JSON.stringify({ message: pastedKey })],
    [sign('message', ['--hex']), `${pastedKey}zz`],
    [['--data-dir', pastedKey]],
    [[pastedKey]],
  ]
  for (const [args, input] of refused)
    expect([args, (await command(args, input)).code]).not.toEqual([args, 0])
}

import { spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { encryptKeystoreJsonSync, HDNodeWallet, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { createKeyFiles } from '../../../test/support/keyFiles.js'
import { openssl } from '../../../test/support/openssl.js'
import { cleanEnv, root } from '../../../test/support/runCli.js'
import { scanMemory } from '../../../test/support/scanMemory.js'

// Searches all memory of a process after it has read and released keys. The
// key, its hex and base64, the phrase and the password must be nowhere, not
// even in leftovers of the garbage collector or OpenSSL.

const files = createKeyFiles()
afterAll(() => files.dispose())
beforeAll(() => ensureBuilt().then(() => {}))

const readPrivateKey = pathToFileURL(
  join(root, 'packages/keyfile/dist/readPrivateKey.js'),
).href
/** It gets only paths of keys, as a file or as standard input. */
const program = `
  import { openSync } from 'node:fs'
  import { readPrivateKey } from '${readPrivateKey}'
  const jobs = JSON.parse(process.argv[1])
  const kept = []
  async function run({ file, stdin, password, keep }) {
    const prompt = {
      input: stdin === undefined ? process.stdin : { fd: openSync(stdin) },
      ask: () => Promise.reject(new Error('Nobody is there.')),
      notify() {},
    }
    const passwordFd = openSync(password, 'r')
    try {
      const key = await readPrivateKey(prompt, { in: file ?? '-', passwordFd })
      if (keep) kept.push(key)
      else key.dispose()
      return key.address
    } catch (error) {
      return error.code
    }
  }
  const answers = []
  for (const job of jobs) answers.push(await run(job))
  for (let i = 0; i < 5; i++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  process.stdout.write(JSON.stringify(answers) + '\\n')
  setInterval(() => kept, 1000)
`

const password = 'a password to be found'
const wrong = 'another password, wrong'
const phrase = HDNodeWallet.createRandom().mnemonic?.phrase ?? ''
const sec1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
const d = Buffer.from(openssl(['ec', '-outform', 'DER'], sec1).subarray(7, 39))
const hex = d.toString('hex')
const { address, privateKey } = new Wallet(`0x${hex}`)
const derived = HDNodeWallet.fromPhrase(phrase, password)
const pass = ['-passout', `pass:${password}`]
const plain = openssl(['pkcs8', '-topk8', '-nocrypt'], sec1)

const jwk = createPrivateKey(sec1).export({ format: 'jwk' })

const needles = {
  scalar: d,
  'scalar, little endian': Buffer.from(d).reverse(),
  hex: Buffer.from(hex),
  'hex in UTF-16': Buffer.from(hex, 'utf16le'),
  'base64 of SEC1': Buffer.from(sec1.toString().split('\n')[1] ?? ''),
  'base64 of PKCS#8': Buffer.from(plain.toString().split('\n')[1] ?? ''),
  'base64url of a JWK': Buffer.from(jwk.d ?? ''),
  'list of numbers': Buffer.from([...d].join()),
  'derived scalar': Buffer.from(derived.privateKey.slice(2), 'hex'),
  phrase: Buffer.from(phrase),
  password: Buffer.from(password),
  'wrong password': Buffer.from(wrong),
}

type Job = { file?: string; stdin?: string; password: string; keep?: true }
const right = files.write(`${password}\n`)
const inFile = (content: Uint8Array, password = right): Job => ({
  file: files.write(content),
  password,
})
const onStdin = (content: string, password = right): Job => ({
  stdin: files.write(content),
  password,
})

/**
 * The process's answer, and the needles found in its memory. A job without file
 * and stdin reads the pipe.
 */
async function scanAfter(jobs: readonly Job[], piped = '') {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', program, JSON.stringify(jobs)],
    { env: cleanEnv(), stdio: ['pipe', 'pipe', 'ignore'] },
  )
  child.stdin.end(piped)
  try {
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.includes('\n')) break
    }
    const { found, scannedBytes } = scanMemory(child.pid ?? 0, needles)
    expect(scannedBytes).toBeGreaterThan(2 ** 24)
    return { answers: JSON.parse(said), found }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

const scrypt = { N: 1024, r: 8, p: 1 }
const account = { address, privateKey }
const keystore = encryptKeystoreJsonSync(account, password, { scrypt })
const encrypted = openssl(['pkcs8', '-topk8', ...pass], sec1)
const legacy = openssl(['ec', '-aes256', ...pass], sec1)

describe.runIf(process.platform === 'linux')('memory contains nothing', () => {
  test('of keys in each format', async () => {
    const jobs = [
      inFile(sec1),
      inFile(plain),
      inFile(openssl(['pkey', '-outform', 'DER'], sec1)),
      inFile(encrypted),
      inFile(legacy),
      inFile(Buffer.from(keystore)),
      onStdin(sec1.toString()),
      onStdin(`0x${hex}\n`),
      { password: right },
      onStdin(phrase),
    ]
    expect(await scanAfter(jobs, hex)).toEqual({
      answers: [...Array(9).fill(address), derived.address],
      found: [],
    })
  })

  test('of keys that were refused', async () => {
    const other = files.write(`${wrong}\n`)
    const jobs = [
      inFile(encrypted, other),
      inFile(legacy, other),
      inFile(Buffer.from(keystore), other),
      inFile(sec1.subarray(0, -40)),
      inFile(Buffer.concat([plain, sec1])),
      inFile(Buffer.from(sec1.toString().replaceAll('\n', ''))),
      inFile(Buffer.from(sec1.toString().replace('\n', ''))),
      inFile(Buffer.from(JSON.stringify(jwk))),
      onStdin(JSON.stringify([...d])),
      onStdin(`${hex}0`),
      onStdin(hex.replace(/.$/, 'z')),
      onStdin(`${phrase} ${phrase}`),
    ]
    expect(await scanAfter(jobs)).toEqual({
      answers: [
        ...Array(3).fill('wrong-password'),
        ...Array(9).fill('invalid-key-file'),
      ],
      found: [],
    })
  })

  test('but the search finds a key that is still in use', async () => {
    expect(await scanAfter([{ ...inFile(sec1), keep: true }])).toEqual({
      answers: [address],
      found: ['scalar'],
    })
  })
})

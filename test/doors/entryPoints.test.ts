import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const entryPoints = [
  '.',
  './aws',
  './credentials',
  './digest',
  './kms',
  './sdk',
  './viem',
  './ethers',
] as const

/** Packages of npm that importing an entry point of core loads. */
async function loads(entryPoint: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `export * from '@keyward/core${entryPoint.slice(1)}'`,
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@keyward/source'],
    // Everything a module imports counts, used or not: so does Node.
    treeShaking: false,
    ignoreAnnotations: true,
  })
  const packages = Object.keys(metafile.inputs)
    .map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined)
  return [...new Set(packages)].sort()
}

const doors = ['viem', 'ethers', '@aws-sdk/client-kms']

test.each([
  ['.', []],
  ['./aws', []],
  ['./credentials', []],
  ['./digest', []],
  ['./kms', []],
  ['./sdk', ['@aws-sdk/client-kms']],
  ['./viem', ['viem']],
  ['./ethers', ['ethers']],
])('%s loads no other door: %j', async (entryPoint, expected) => {
  const packages = await loads(entryPoint)
  expect(packages.filter((name) => doors.includes(name))).toEqual(expected)
})

test('the lean client and its credentials load nothing of npm', async () => {
  expect(await loads('./kms')).toEqual([])
  expect(await loads('./credentials')).toEqual([])
})

test('what each entry point exports', async () => {
  const exported: Record<string, unknown> = {}
  for (const entryPoint of entryPoints) {
    const path = `@keyward/core${entryPoint.slice(1)}`
    const module = (await import(/* @vite-ignore */ path)) as object
    exported[entryPoint] = Object.fromEntries(
      Object.entries(module).map(([name, value]) => [
        name,
        typeof value === 'object' && Symbol.toStringTag in value
          ? Object.keys(value).sort()
          : typeof value,
      ]),
    )
  }
  expect(exported).toMatchInlineSnapshot(`
    {
      ".": {
        "AccessListField": [
          "parse",
        ],
        "AddressField": [
          "parse",
          "parseNonZero",
          "toChecksum",
        ],
        "Authorization": [
          "getSignPayload",
          "recover",
          "sign",
        ],
        "AuthorizationField": [
          "parse",
          "parseList",
          "parseUnsigned",
        ],
        "BaseError": "function",
        "BlobField": [
          "parseHashes",
          "parseSidecars",
          "versionedHash",
        ],
        "ChainId": [
          "parse",
          "parseOrAny",
        ],
        "EtherAmount": [
          "fromWei",
          "parse",
          "toWei",
        ],
        "FeeFields": [
          "read",
        ],
        "Fields": [
          "join",
          "list",
          "open",
          "unquoted",
        ],
        "HexField": [
          "bytes",
          "data",
          "fixed",
          "maxDataBytes",
        ],
        "InputError": "function",
        "InvalidRequestError": "function",
        "Message": [
          "getSignPayload",
          "sign",
        ],
        "Network": [
          "fromChainId",
          "parse",
        ],
        "NetworkData": [
          "feeOracles",
          "get",
        ],
        "NotAuthorizedError": "function",
        "Problems": [
          "InvalidRequestError",
          "create",
        ],
        "PublicKey": [
          "InvalidPublicKeyError",
          "fromSpki",
          "toAddress",
        ],
        "Quantity": [
          "between",
          "maxNonce",
          "maxUint256",
          "nonce",
          "read",
          "uint256",
        ],
        "Quote": [
          "kind",
          "line",
          "name",
          "value",
        ],
        "Signature": [
          "InvalidSignatureError",
          "fromDer",
          "order",
          "toHex",
          "toLowS",
          "toRpc",
        ],
        "SigningKey": [
          "AddressMismatchError",
          "KeyChangedError",
          "NotAuthorizedError",
          "PurposeMismatchError",
          "SigningTimeoutError",
          "connect",
          "open",
        ],
        "Transaction": [
          "InvalidTransactionError",
          "decode",
          "decodeUnsigned",
          "getSignPayload",
          "hash",
          "maxLegacyChainId",
          "serialize",
          "sign",
        ],
        "TransactionRequest": [
          "fromJson",
        ],
        "TypedData": [
          "InvalidTypedDataError",
          "getSignPayload",
          "sign",
        ],
        "TypedDataRequest": [
          "fromJson",
        ],
        "escapeInvisible": "function",
        "findDuplicate": "function",
        "isDescribed": "function",
        "maskHex": "function",
        "maskSecrets": "function",
        "mayBeSecret": "function",
        "networks": "object",
        "openTransactionKey": "function",
        "openTypedDataKey": "function",
        "quote": "function",
        "recoverAddress": "function",
      },
      "./aws": {
        "Partition": [
          "hasFips",
          "hostPrefix",
          "ofRegion",
        ],
        "adviceOn": "function",
        "createAwsClient": "function",
        "createExchange": "function",
        "createRequestSigner": "function",
        "dynamoDb": "function",
        "findUnheard": "function",
        "findUnheardProxy": "function",
        "isLoopback": "function",
        "isWebhookUrl": "function",
        "readCredentials": "function",
      },
      "./credentials": {
        "CredentialsError": "function",
        "findCredentials": "function",
      },
      "./digest": {
        "InvalidDigestError": "function",
        "from": "function",
        "fromTransaction": "function",
      },
      "./ethers": {
        "KmsSigner": "function",
      },
      "./kms": {
        "KmsConfigurationError": "function",
        "KmsResponseError": "function",
        "KmsServiceError": "function",
        "KmsTimeoutError": "function",
        "KmsUnreachableError": "function",
        "createKmsClient": "function",
      },
      "./sdk": {
        "SdkAnswerError": "function",
        "SdkTimeoutError": "function",
        "fromSdk": "function",
      },
      "./viem": {
        "DigestNotAllowedError": "function",
        "toAccount": "function",
      },
    }
  `)
})

import { expect, test } from 'vitest'
import { InvalidConfigError, readConfig } from './config.js'

const good = {
  KMS_KEY_ID: 'alias/keyward-dev',
  ETH_NETWORK: 'sepolia',
}

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.message
    throw error
  }
  return ''
}

test('reads the given variables and uses defaults for the rest', () => {
  expect(readConfig(good)).toEqual({
    keyId: 'alias/keyward-dev',
    network: { name: 'sepolia', chainId: 11155111 },
    logLevel: 'INFO',
    expectedAddress: undefined,
    maxFee: 10n ** 18n,
    callers: undefined,
    anyCaller: false,
  })
  expect(
    readConfig({
      KMS_KEY_ID:
        'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      ETH_NETWORK: '31337',
      LOG_LEVEL: 'WARNING',
      KEYWARD_ADDRESS: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      MAX_TX_FEE_ETHER: '0.05',
      KEYWARD_CALLERS: 'payroll, refunds',
    }),
  ).toEqual({
    keyId:
      'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    network: { name: 'local', chainId: 31337 },
    logLevel: 'WARN',
    expectedAddress: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
    maxFee: 5n * 10n ** 16n,
    callers: ['payroll', 'refunds'],
    anyCaller: true,
  })
  expect(readConfig({ ...good, KEYWARD_ANY_CALLER: 'true' }).anyCaller).toBe(
    true,
  )
})

test('accepts every form of a key id', () => {
  for (const KMS_KEY_ID of [
    '1234abcd-12ab-34cd-56ef-1234567890ab',
    'mrk-1234abcd12ab34cd56ef1234567890ab',
    'alias/team/treasury_1',
    'arn:aws:kms:eu-central-1:123456789012:alias/treasury',
    'arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab',
  ])
    expect(readConfig({ ...good, KMS_KEY_ID }).keyId).toBe(KMS_KEY_ID)
})

test('empty variables count as absent', () => {
  const empty = {
    LOG_LEVEL: '',
    KEYWARD_ADDRESS: '',
    MAX_TX_FEE_ETHER: '',
    KEYWARD_CALLERS: '',
  }
  expect(readConfig({ ...good, ...empty })).toEqual(readConfig(good))
})

test('reports every wrong variable with its value and what is allowed', () => {
  expect(
    refusal({
      KMS_KEY_ID: 'my key',
      ETH_NETWORK: 'rinkeby',
      LOG_LEVEL: 'debug',
      KEYWARD_ADDRESS: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8',
      MAX_TX_FEE_ETHER: '0',
      KEYWARD_CALLERS: 'payroll,,7',
    }),
  ).toMatchInlineSnapshot(`
    "The function's environment is not valid.
    - KMS_KEY_ID: got "my key"; allowed: the id or ARN of a KMS key, or an alias (alias/NAME or its ARN)
    - KEYWARD_ADDRESS: got "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"; allowed: an address with a correct EIP-55 checksum, or one in lower case (check the address: a wrong checksum usually means a typo)
    - MAX_TX_FEE_ETHER: got "0"; allowed: an amount in ether above 0, such as 1 or 0.05 (the highest fee for one transaction: gas x price)
    - ETH_NETWORK: got "rinkeby"; allowed: a network's name (for example: mainnet, sepolia, hoodi), a decimal chain id, or local (31337)
    - LOG_LEVEL: got "debug"; allowed: DEBUG, INFO, WARN, WARNING, ERROR
    - KEYWARD_CALLERS: got "payroll,,7"; allowed: names of the function's aliases, separated by commas; not status, which is reserved
    See docs/errors/invalid-config.md"
  `)
  expect(refusal({})).toMatchInlineSnapshot(`
    "The function's environment is not valid.
    - KMS_KEY_ID: is missing; allowed: the id or ARN of a KMS key, or an alias (alias/NAME or its ARN)
    - ETH_NETWORK: is missing; allowed: a network's name (for example: mainnet, sepolia, hoodi), a decimal chain id, or local (31337)
    See docs/errors/invalid-config.md"
  `)
})

test('refuses each wrong value', () => {
  const address = '70997970c51812dc3a010c7d01b50e0d17dc79c8'
  const wrong: Record<string, string[]> = {
    KMS_KEY_ID: [
      'alias/',
      'key/1234abcd',
      ' alias/x',
      'alias/x ',
      'alias/x y',
      'arn:aws:s3:::b',
      '1234ABCD-12ab-34cd-56ef-1234567890ab',
    ],
    ETH_NETWORK: ['Mainnet', 'goerli', '0', '-1', '1.5', '0x1', '01'],
    LOG_LEVEL: ['info', 'TRACE', 'ALL', ' INFO'],
    KEYWARD_ADDRESS: [address, `0x${'0'.repeat(40)}`, `0x${address}0`],
    MAX_TX_FEE_ETHER: [
      '0',
      '-1',
      '1 ether',
      '1e3',
      '.5',
      '1,5',
      '0.0000000000000000001',
    ],
    KEYWARD_ANY_CALLER: ['yes', '1', 'True'],
    KEYWARD_CALLERS: [
      'status',
      'payroll,status',
      ',',
      '123',
      'a b',
      '$LATEST',
      'a'.repeat(129),
    ],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values)
      expect(refusal({ ...good, [name]: value })).toContain(`- ${name}: got `)
})

test('does not repeat a key pasted into a variable', () => {
  const key = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
  for (const name of [
    'KMS_KEY_ID',
    'ETH_NETWORK',
    'LOG_LEVEL',
    'KEYWARD_ADDRESS',
    'MAX_TX_FEE_ETHER',
  ])
    for (const value of [key, `0x${key}`, BigInt(`0x${key}`).toString()])
      if (name !== 'MAX_TX_FEE_ETHER' || value.startsWith('0x'))
        expect(refusal({ ...good, [name]: value })).not.toContain(
          value.slice(0, 20),
        )
})

// Members that several operations share, with the limits from AWS's model.

export const keyId = {
  type: 'string',
  required: true,
  min: 1,
  max: 2048,
} as const

export const optionalKeyId = { type: 'string', min: 1, max: 2048 } as const

export const aliasName = {
  type: 'string',
  required: true,
  min: 1,
  max: 256,
  pattern: '^[a-zA-Z0-9:/_-]+$',
} as const

export const dryRun = { type: 'boolean' } as const

export const grantTokens = {
  type: 'list',
  max: 10,
  member: { type: 'string', min: 1, max: 8192 },
} as const

export const description = { type: 'string', min: 0, max: 8192 } as const

export const policy = {
  type: 'string',
  min: 1,
  max: 131_072,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
} as const

export const policyName = {
  type: 'string',
  min: 1,
  max: 128,
  pattern: '[\\w]+',
} as const

export const tags = {
  type: 'list',
  member: {
    type: 'structure',
    members: {
      TagKey: { type: 'string', required: true, min: 1, max: 128 },
      TagValue: { type: 'string', required: true, min: 0, max: 256 },
    },
  },
} as const

export const paging = {
  Limit: { type: 'integer', min: 1, max: 1000 },
  Marker: {
    type: 'string',
    min: 1,
    max: 1024,
    pattern: '[\\u0020-\\u00FF]*',
  },
} as const

export const message = {
  type: 'blob',
  required: true,
  min: 1,
  max: 4096,
} as const

export const messageType = {
  type: 'string',
  values: ['RAW', 'DIGEST', 'EXTERNAL_MU'],
} as const

export const signingAlgorithm = {
  type: 'string',
  required: true,
  values: [
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'ECDSA_SHA_256',
    'ECDSA_SHA_384',
    'ECDSA_SHA_512',
    'SM2DSA',
    'ML_DSA_SHAKE_256',
    'ED25519_SHA_512',
    'ED25519_PH_SHA_512',
  ],
} as const

export const ciphertext = {
  type: 'blob',
  required: true,
  min: 1,
  max: 6144,
} as const

export const keyMaterialId = {
  type: 'string',
  min: 64,
  max: 64,
  pattern: '^[a-f0-9]+$',
} as const

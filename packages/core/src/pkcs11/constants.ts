/**
 * The PKCS#11 numbers that are used here, by their names in the standard.
 * Source: OASIS, PKCS #11 Cryptographic Token Interface Base Specification
 * 2.40, and Current Mechanisms 2.40.
 */

/** In the order of CK_FUNCTION_LIST. */
export const functionNames = [
  ...['C_Initialize', 'C_Finalize', 'C_GetInfo', 'C_GetFunctionList'],
  ...['C_GetSlotList', 'C_GetSlotInfo', 'C_GetTokenInfo'],
  ...['C_GetMechanismList', 'C_GetMechanismInfo', 'C_InitToken', 'C_InitPIN'],
  ...['C_SetPIN', 'C_OpenSession', 'C_CloseSession', 'C_CloseAllSessions'],
  ...['C_GetSessionInfo', 'C_GetOperationState', 'C_SetOperationState'],
  ...['C_Login', 'C_Logout', 'C_CreateObject', 'C_CopyObject'],
  ...['C_DestroyObject', 'C_GetObjectSize', 'C_GetAttributeValue'],
  ...['C_SetAttributeValue', 'C_FindObjectsInit', 'C_FindObjects'],
  ...['C_FindObjectsFinal', 'C_EncryptInit', 'C_Encrypt', 'C_EncryptUpdate'],
  ...['C_EncryptFinal', 'C_DecryptInit', 'C_Decrypt', 'C_DecryptUpdate'],
  ...['C_DecryptFinal', 'C_DigestInit', 'C_Digest', 'C_DigestUpdate'],
  ...['C_DigestKey', 'C_DigestFinal', 'C_SignInit', 'C_Sign'],
  ...['C_SignUpdate', 'C_SignFinal', 'C_SignRecoverInit', 'C_SignRecover'],
  ...['C_VerifyInit', 'C_Verify', 'C_VerifyUpdate', 'C_VerifyFinal'],
  ...['C_VerifyRecoverInit', 'C_VerifyRecover', 'C_DigestEncryptUpdate'],
  ...['C_DecryptDigestUpdate', 'C_SignEncryptUpdate'],
  ...['C_DecryptVerifyUpdate', 'C_GenerateKey', 'C_GenerateKeyPair'],
  ...['C_WrapKey', 'C_UnwrapKey', 'C_DeriveKey'],
] as const

/** Object classes (CKO_). */
export const objectClass = {
  publicKey: 2,
  privateKey: 3,
  secretKey: 4,
} as const

/** Key types (CKK_). */
export const keyType = { rsa: 0, ec: 3, aes: 0x1f } as const

/** Attributes (CKA_). */
export const attribute = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  trusted: 0x86,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
  wrap: 0x106,
  unwrap: 0x107,
  sign: 0x108,
  verify: 0x10a,
  derive: 0x10c,
  modulus: 0x120,
  modulusBits: 0x121,
  publicExponent: 0x122,
  valueLength: 0x161,
  extractable: 0x162,
  local: 0x163,
  neverExtractable: 0x164,
  modifiable: 0x170,
  ecParams: 0x180,
  ecPoint: 0x181,
  wrapWithTrusted: 0x210,
} as const

export type AttributeName = keyof typeof attribute

/** Mechanisms (CKM_). */
export const mechanism = {
  rsaKeyPairGen: 0x0,
  rsaOaep: 0x9,
  ecKeyPairGen: 0x1040,
  ecdsa: 0x1041,
  aesKeyGen: 0x1080,
  aesKeyWrapPad: 0x210a,
} as const

/** Values of the OAEP parameters (CKM_ and CKG_). */
export const hashes = {
  sha1: { digest: 0x220, mgf: 1 },
  sha256: { digest: 0x250, mgf: 2 },
} as const

/** Users (CKU_). */
export const userType = { securityOfficer: 0, user: 1 } as const

/** Flags (CKF_). */
export const flag = {
  tokenPresent: 1,
  osLockingOk: 2,
  /** Session flags. */
  readWrite: 2,
  serialSession: 4,
  /** Token flags. */
  tokenInitialized: 0x400,
} as const

/** Return values (CKR_). */
export const returnValues: Readonly<Record<number, string>> = {
  0: 'CKR_OK',
  2: 'CKR_HOST_MEMORY',
  3: 'CKR_SLOT_ID_INVALID',
  5: 'CKR_GENERAL_ERROR',
  6: 'CKR_FUNCTION_FAILED',
  7: 'CKR_ARGUMENTS_BAD',
  10: 'CKR_CANT_LOCK',
  16: 'CKR_ATTRIBUTE_READ_ONLY',
  17: 'CKR_ATTRIBUTE_SENSITIVE',
  18: 'CKR_ATTRIBUTE_TYPE_INVALID',
  19: 'CKR_ATTRIBUTE_VALUE_INVALID',
  27: 'CKR_ACTION_PROHIBITED',
  32: 'CKR_DATA_INVALID',
  33: 'CKR_DATA_LEN_RANGE',
  48: 'CKR_DEVICE_ERROR',
  49: 'CKR_DEVICE_MEMORY',
  50: 'CKR_DEVICE_REMOVED',
  80: 'CKR_FUNCTION_CANCELED',
  84: 'CKR_FUNCTION_NOT_SUPPORTED',
  96: 'CKR_KEY_HANDLE_INVALID',
  98: 'CKR_KEY_SIZE_RANGE',
  99: 'CKR_KEY_TYPE_INCONSISTENT',
  104: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
  105: 'CKR_KEY_NOT_WRAPPABLE',
  106: 'CKR_KEY_UNEXTRACTABLE',
  112: 'CKR_MECHANISM_INVALID',
  113: 'CKR_MECHANISM_PARAM_INVALID',
  130: 'CKR_OBJECT_HANDLE_INVALID',
  144: 'CKR_OPERATION_ACTIVE',
  145: 'CKR_OPERATION_NOT_INITIALIZED',
  160: 'CKR_PIN_INCORRECT',
  161: 'CKR_PIN_INVALID',
  162: 'CKR_PIN_LEN_RANGE',
  163: 'CKR_PIN_EXPIRED',
  164: 'CKR_PIN_LOCKED',
  176: 'CKR_SESSION_CLOSED',
  177: 'CKR_SESSION_COUNT',
  179: 'CKR_SESSION_HANDLE_INVALID',
  181: 'CKR_SESSION_READ_ONLY',
  208: 'CKR_TEMPLATE_INCOMPLETE',
  209: 'CKR_TEMPLATE_INCONSISTENT',
  224: 'CKR_TOKEN_NOT_PRESENT',
  225: 'CKR_TOKEN_NOT_RECOGNIZED',
  226: 'CKR_TOKEN_WRITE_PROTECTED',
  256: 'CKR_USER_ALREADY_LOGGED_IN',
  257: 'CKR_USER_NOT_LOGGED_IN',
  258: 'CKR_USER_PIN_NOT_INITIALIZED',
  259: 'CKR_USER_TYPE_INVALID',
  260: 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN',
  272: 'CKR_WRAPPED_KEY_INVALID',
  274: 'CKR_WRAPPED_KEY_LEN_RANGE',
  275: 'CKR_WRAPPING_KEY_HANDLE_INVALID',
  276: 'CKR_WRAPPING_KEY_SIZE_RANGE',
  277: 'CKR_WRAPPING_KEY_TYPE_INCONSISTENT',
  336: 'CKR_BUFFER_TOO_SMALL',
  400: 'CKR_CRYPTOKI_NOT_INITIALIZED',
  401: 'CKR_CRYPTOKI_ALREADY_INITIALIZED',
}

/**
 * The token reports that the session, login or handles are gone, so start
 * again.
 */
export const lostReturnValues: ReadonlySet<string> = new Set([
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
])

/** Another attempt with this PIN is useless or may lock the token. */
export const pinReturnValues: ReadonlySet<string> = new Set([
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_PIN_NOT_INITIALIZED',
])

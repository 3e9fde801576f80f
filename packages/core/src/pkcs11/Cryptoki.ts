import { flag, functionNames, returnValues } from './constants.js'
import { Pkcs11ConfigurationError, Pkcs11Error } from './errors.js'

/** A CK_ULONG as koffi returns it: a BigInt if a double can't hold it. */
export type Handle = number | bigint

/** CK_ATTRIBUTE; the token writes into `pValue` and sets `ulValueLen`. */
export type RawAttribute = {
  type: number
  pValue: Uint8Array | null
  ulValueLen: Handle
}

/** CK_MECHANISM. */
export type Mechanism = {
  mechanism: number
  pParameter: unknown
  ulParameterLen: number
}

/** Parameters of RSA-OAEP, CK_RSA_PKCS_OAEP_PARAMS. */
export type Oaep = { digest: number; mgf: number }

/**
 * A PKCS#11 library loaded in this process; its calls run off the event loop.
 */
export type Cryptoki = {
  /** Size of a CK_ULONG: 8 bytes on Linux and macOS, 4 on Windows. */
  ulongBytes: number
  /** @throws Pkcs11Error */
  call(name: FunctionName, ...values: unknown[]): Promise<void>
  /** Also succeeds if other code in the process has already initialised it. */
  initialize(): Promise<void>
  toMechanism(mechanism: number): Mechanism
  toOaep(mechanism: number, oaep: Oaep): Mechanism
}

const ulong = 'ulong'
const bytes = 'void *'
const inOut = '_Inout_ ulong *'
const out = '_Out_ ulong *'
const template = 'template'
const mechanism = 'mechanism'

/**
 * Parameter types of each function; the standard's ids, handles and types are
 * all CK_ULONG.
 */
const signatures = {
  C_Initialize: [bytes],
  C_GetSlotList: ['uint8_t', bytes, inOut],
  C_GetTokenInfo: [ulong, bytes],
  C_OpenSession: [ulong, ulong, bytes, bytes, out],
  C_CloseSession: [ulong],
  C_Login: [ulong, ulong, bytes, ulong],
  C_FindObjectsInit: [ulong, template, ulong],
  C_FindObjects: [ulong, bytes, ulong, out],
  C_FindObjectsFinal: [ulong],
  C_GetAttributeValue: [ulong, ulong, `_Inout_ ${template}`, ulong],
  C_CreateObject: [ulong, template, ulong, out],
  C_DestroyObject: [ulong, ulong],
  C_SignInit: [ulong, mechanism, ulong],
  C_Sign: [ulong, bytes, ulong, bytes, inOut],
  C_GenerateKey: [ulong, mechanism, template, ulong, out],
  C_GenerateKeyPair: [
    ...[ulong, mechanism, template, ulong, template, ulong],
    ...[out, out],
  ],
  C_WrapKey: [ulong, mechanism, ulong, ulong, bytes, inOut],
  C_UnwrapKey: [
    ...[ulong, mechanism, ulong, bytes, ulong, template, ulong],
    out,
  ],
} as const satisfies Record<string, readonly string[]>

export type FunctionName = keyof typeof signatures

const loaded = new Map<string, Promise<Cryptoki>>()
/**
 * Libraries kept referenced: koffi unloads unreferenced ones, and later calls
 * into them crash.
 */
const libraries = new Set<unknown>()

/**
 * Loads a token's library, once per process.
 *
 * @throws Pkcs11ConfigurationError
 */
export function loadCryptoki(library: string): Promise<Cryptoki> {
  const known = loaded.get(library)
  if (known !== undefined) return known
  const opening = open(library)
  loaded.set(library, opening)
  opening.catch(() => loaded.delete(library))
  return opening
}

async function open(library: string): Promise<Cryptoki> {
  const koffi = await importKoffi()
  // On Windows, PKCS#11 structures are packed.
  const struct = process.platform === 'win32' ? koffi.pack : koffi.struct
  const attributeType = struct({
    type: ulong,
    pValue: bytes,
    ulValueLen: ulong,
  })
  const mechanismType = struct({
    mechanism: ulong,
    pParameter: bytes,
    ulParameterLen: ulong,
  })
  const oaepType = struct({
    hashAlg: ulong,
    mgf: ulong,
    source: ulong,
    pSourceData: bytes,
    ulSourceDataLen: ulong,
  })
  const toType = (name: string) => {
    if (name === template) return koffi.pointer(attributeType)
    if (name === `_Inout_ ${template}`)
      return koffi.inout(koffi.pointer(attributeType))
    return name === mechanism ? koffi.pointer(mechanismType) : name
  }

  const { pointers, handle } = readFunctionList(koffi, library)
  libraries.add(handle)
  const functions = new Map(
    Object.entries(signatures).map(([name, parameters]) => {
      const pointer = pointers[functionNames.indexOf(name as FunctionName)]
      const type = koffi.proto(ulong, parameters.map(toType))
      return [name, koffi.decode(pointer, type) as KoffiFunction]
    }),
  )
  // The token writes into these values, so they must not be garbage-collected
  // during the call.
  const held = new Set<unknown[]>()

  const cryptoki: Cryptoki = {
    ulongBytes: koffi.sizeof(ulong),
    async call(name, ...values) {
      held.add(values)
      try {
        const code = await new Promise<Handle>((resolve, reject) =>
          functions
            .get(name)
            ?.async(...values, (error: unknown, value: Handle) =>
              error ? reject(error) : resolve(value),
            ),
        )
        if (Number(code) !== 0) throw new Pkcs11Error(name, toName(code))
      } finally {
        held.delete(values)
      }
    },
    async initialize() {
      try {
        // CK_C_INITIALIZE_ARGS: four functions, the flags, a null pointer.
        const args = Buffer.alloc(48)
        args.writeUInt32LE(flag.osLockingOk, 32)
        await cryptoki.call('C_Initialize', args)
      } catch (error) {
        if (!is(error, 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) throw error
      }
    },
    toMechanism: (number) => ({
      mechanism: number,
      pParameter: null,
      ulParameterLen: 0,
    }),
    toOaep: (number, oaep) => ({
      mechanism: number,
      pParameter: koffi.as(toOaepFields(oaep), koffi.pointer(oaepType)),
      ulParameterLen: koffi.sizeof(oaepType),
    }),
  }
  await cryptoki.initialize()
  return cryptoki
}

/** The source is CKZ_DATA_SPECIFIED, with an empty label. */
function toOaepFields({ digest, mgf }: Oaep) {
  return {
    hashAlg: digest,
    mgf,
    source: 1,
    pSourceData: null,
    ulSourceDataLen: 0,
  }
}

export function is(error: unknown, returnValue: string): boolean {
  return error instanceof Pkcs11Error && error.returnValue === returnValue
}

function toName(code: Handle): string {
  return returnValues[Number(code)] ?? `CKR 0x${BigInt(code).toString(16)}`
}

/** The part of koffi that is used; koffi is an optional dependency. */
type Koffi = {
  load(path: string): {
    func(name: string, result: string, parameters: string[]): KoffiFunction
  }
  struct(members: Record<string, unknown>): unknown
  pack(members: Record<string, unknown>): unknown
  pointer(type: unknown): unknown
  inout(type: unknown): unknown
  proto(result: string, parameters: unknown[]): unknown
  array(type: string, length: number): unknown
  decode(pointer: unknown, ...more: unknown[]): unknown
  as(value: unknown, type: unknown): unknown
  sizeof(type: unknown): number
}

type KoffiFunction = {
  (...values: unknown[]): Handle
  async(...values: unknown[]): void
}

async function importKoffi(): Promise<Koffi> {
  try {
    const { default: koffi } = await import('koffi')
    return koffi as unknown as Koffi
  } catch (cause) {
    throw new Pkcs11ConfigurationError(
      'it needs the package koffi, which is not installed (npm install koffi)',
      cause,
    )
  }
}

/** The functions in CK_FUNCTION_LIST, in order. */
function readFunctionList(
  koffi: Koffi,
  library: string,
): { pointers: unknown[]; handle: unknown } {
  const list: unknown[] = [null]
  let handle: ReturnType<Koffi['load']>
  try {
    handle = koffi.load(library)
    const get = handle.func('C_GetFunctionList', ulong, ['_Out_ void **'])
    const code = get(list)
    if (Number(code) !== 0)
      throw new Pkcs11Error('C_GetFunctionList', toName(code))
  } catch (cause) {
    throw new Pkcs11ConfigurationError(
      `${JSON.stringify(library)} is not a PKCS#11 library that Node.js can load`,
      cause,
    )
  }
  // The list starts with CK_VERSION (two bytes) and alignment padding.
  const start = process.platform === 'win32' ? 2 : 8
  const type = koffi.array('void *', functionNames.length)
  const pointers = koffi.decode(list[0], start, type) as unknown[]
  return { pointers, handle }
}

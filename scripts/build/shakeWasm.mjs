// Tree shaking for a WebAssembly module: removes the code of functions that no
// kept export calls. The functions keep their numbers, so nothing else changes.

/**
 * @param {Buffer} module
 * @param {readonly string[]} kept names of the exports to keep
 * @returns {Buffer}
 */
export function shakeWasm(module, kept) {
  const sections = readSections(module)
  const find = (/** @type {number} */ id) =>
    sections.find((section) => section.id === id)?.bytes
  if (find(sectionIds.import) !== undefined)
    throw new Error('The module imports something.')
  const exports = readExports(find(sectionIds.export) ?? none)
  const missing = kept.filter(
    (name) => !exports.some((one) => one.name === name),
  )
  if (missing.length > 0)
    throw new Error(`The module lacks ${missing.join(', ')}.`)
  const stay = exports.filter(({ name }) => kept.includes(name))
  const bodies = readBodies(find(sectionIds.code) ?? none)
  const reached = new Set()
  const left = [
    ...stay.filter(({ kind }) => kind === 0).map(({ index }) => index),
    ...readElements(find(sectionIds.element)),
    ...readStart(find(sectionIds.start)),
  ]
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (reached.has(index)) continue
    reached.add(index)
    left.push(...callsOf(bodies[index] ?? none))
  }
  // A body with no locals, then `unreachable` and `end`.
  const empty = Buffer.from([0, 0, 0x0b])
  const code = bodies.map((body, index) => (reached.has(index) ? body : empty))
  const shaken = sections.map(({ id, bytes }) => {
    if (id === sectionIds.export) return { id, bytes: writeExports(stay) }
    if (id !== sectionIds.code) return { id, bytes }
    return { id, bytes: writeVector(code.map(withLength)) }
  })
  return Buffer.concat([
    module.subarray(0, 8),
    ...shaken.map(({ id, bytes }) =>
      Buffer.concat([Buffer.from([id]), withLength(bytes)]),
    ),
  ])
}

/** An empty WebAssembly vector. */
const none = Buffer.from([0])

/**
 * @typedef {ReturnType<typeof open>} Reader
 * @typedef {{ name: string, kind: number, index: number }} Export
 */

const sectionIds = { import: 2, export: 7, start: 8, element: 9, code: 10 }

/** @param {Buffer} module */
function readSections(module) {
  const reader = open(module, 8)
  const sections = []
  while (!reader.isAtEnd()) {
    const id = reader.byte()
    sections.push({ id, bytes: reader.bytes(reader.leb()) })
  }
  return sections
}

/** @param {Buffer} bytes */
function readExports(bytes) {
  const reader = open(bytes)
  return reader.vector(() => ({
    name: reader.bytes(reader.leb()).toString(),
    kind: reader.byte(),
    index: reader.leb(),
  }))
}

/** @param {Buffer} bytes */
function readBodies(bytes) {
  const reader = open(bytes)
  return reader.vector(() => reader.bytes(reader.leb()))
}

/**
 * Functions that can be called through the table.
 *
 * @param {Buffer | undefined} bytes
 */
function readElements(bytes) {
  if (bytes === undefined) return []
  const reader = open(bytes)
  return reader
    .vector(() => {
      if (reader.leb() !== 0)
        throw new Error('The module has an unsupported element.')
      // Skip the offset, a constant.
      reader.skip(1)
      reader.leb()
      reader.skip(1)
      return reader.vector(() => reader.leb())
    })
    .flat()
}

/** @param {Buffer | undefined} bytes */
function readStart(bytes) {
  return bytes === undefined ? [] : [open(bytes).leb()]
}

/** @param {Buffer} body */
function callsOf(body) {
  const reader = open(body)
  reader.vector(() => {
    reader.leb()
    reader.skip(1)
  })
  const calls = []
  while (!reader.isAtEnd()) {
    const opcode = reader.byte()
    if (opcode === 0x10) calls.push(reader.leb())
    else skipOperands(reader, opcode)
  }
  return calls
}

/**
 * Skips an instruction of the MVP, sign extension, saturating conversion or
 * bulk memory.
 *
 * @param {Reader} reader
 * @param {number} opcode
 */
function skipOperands(reader, opcode) {
  const isIn = (/** @type {number} */ first, /** @type {number} */ last) =>
    opcode >= first && opcode <= last
  if (isIn(0x02, 0x04) || isIn(0x0c, 0x0d) || isIn(0x20, 0x24)) reader.leb()
  else if (opcode === 0x0e) {
    reader.vector(() => reader.leb())
    reader.leb()
  } else if (opcode === 0x11 || isIn(0x28, 0x3e)) {
    reader.leb()
    reader.leb()
  } else if (isIn(0x3f, 0x42)) reader.leb()
  else if (opcode === 0x43) reader.skip(4)
  else if (opcode === 0x44) reader.skip(8)
  else if (opcode === 0xfc) skipBulk(reader, reader.leb())
  else if (opcode > 0xc4 || opcode === 0x1c || isIn(0x25, 0x26))
    throw new Error(`The instruction 0x${opcode.toString(16)} is not known.`)
}

/**
 * @param {Reader} reader
 * @param {number} operation
 */
function skipBulk(reader, operation) {
  // The immediates of memory.copy and memory.fill are memories.
  /** @type {Record<number, number>} */
  const operands = { 10: 2, 11: 1 }
  if (operation > 7 && operands[operation] === undefined)
    throw new Error(`The instruction 0xfc ${operation} is not known.`)
  reader.skip(operands[operation] ?? 0)
}

/** @param {Buffer} bytes */
function open(bytes, from = 0) {
  let at = from
  const next = () => {
    const byte = bytes[at++]
    if (byte === undefined) throw new Error('The module is cut off.')
    return byte
  }
  const leb = () => {
    // Of numbers above 32 bits, only the length matters.
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = next()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }
  return {
    leb,
    isAtEnd: () => at >= bytes.length,
    byte: next,
    skip(/** @type {number} */ count) {
      at += count
    },
    bytes(/** @type {number} */ length) {
      at += length
      return bytes.subarray(at - length, at)
    },
    /** @type {<item>(read: () => item) => item[]} */
    vector: (read) => Array.from({ length: leb() }, read),
  }
}

/** @param {readonly Export[]} exports */
function writeExports(exports) {
  return writeVector(
    exports.map(({ name, kind, index }) =>
      Buffer.concat([
        withLength(Buffer.from(name)),
        Buffer.from([kind]),
        toLeb(index),
      ]),
    ),
  )
}

/** @param {readonly Buffer[]} items */
function writeVector(items) {
  return Buffer.concat([toLeb(items.length), ...items])
}

/** @param {Buffer} bytes */
function withLength(bytes) {
  return Buffer.concat([toLeb(bytes.length), bytes])
}

/** @param {number} value */
function toLeb(value) {
  const bytes = []
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left])
    bytes.push((left & 0x7f) | 0x80)
  }
}

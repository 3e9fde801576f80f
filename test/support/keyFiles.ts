import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type PrivateKeySource,
  type ReadPrivateKey,
  readPrivateKey,
} from '../../packages/keyfile/src/readPrivateKey.js'
import { testTerminal } from './testTerminal.js'

export type Reading = Partial<PrivateKeySource> & {
  /** In a file of its own; without it and `in` it is `stdin`. */
  content?: string | Uint8Array
  stdin?: string | Uint8Array
  /** By a file descriptor. */
  password?: string | Uint8Array
}

export type KeyFiles = {
  folder: string
  /** A new file, 0600 unless said. */
  write(content: string | Uint8Array, mode?: number): string
  /** A file descriptor that gives a password's line. */
  withPassword<answer>(
    password: string | Uint8Array,
    use: (fd: number) => Promise<answer>,
  ): Promise<answer>
  read(reading: Reading): Promise<ReadPrivateKey>
  /** What is compared with other tools; the key itself is disposed of. */
  readHex(
    reading: Reading,
  ): Promise<
    { hex: string } & Pick<ReadPrivateKey, 'address' | 'format' | 'encrypted'>
  >
  dispose(): void
}

/** A folder of key files, and the reader at them. */
export function createKeyFiles(): KeyFiles {
  const folder = mkdtempSync(join(tmpdir(), 'keyward material '))
  let count = 0
  const files: KeyFiles = {
    folder,
    write(content, mode = 0o600) {
      const path = join(folder, `file ${++count}`)
      writeFileSync(path, content, { mode })
      // Past the umask.
      chmodSync(path, mode)
      return path
    },
    async withPassword(password, use) {
      const line = Buffer.concat([Buffer.from(password), Buffer.from('\n')])
      const fd = openSync(files.write(line), 'r')
      try {
        return await use(fd)
      } finally {
        closeSync(fd)
      }
    },
    async read({ content, stdin, password, ...source }) {
      const path = content === undefined ? '-' : files.write(content)
      const from = { in: path, ...source }
      const terminal = testTerminal(stdin)
      return password === undefined
        ? await readPrivateKey(terminal, from)
        : await files.withPassword(password, (passwordFd) =>
            readPrivateKey(terminal, { ...from, passwordFd }),
          )
    },
    async readHex(reading) {
      const { d, address, format, encrypted, dispose } =
        await files.read(reading)
      const hex = d.toString('hex')
      dispose()
      return { hex, address, format, encrypted }
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
  return files
}

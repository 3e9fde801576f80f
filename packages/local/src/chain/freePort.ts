import { type AddressInfo, createServer } from 'node:net'
import { HomeError } from '../HomeError.js'

/**
 * Returns the port if it is free on this machine, or any free port for 0.
 *
 * @throws {HomeError} port-taken
 */
export function freePort(
  port: number,
  flag: string,
  host = '127.0.0.1',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(toPortError(error, port, flag)))
    probe.listen({ port, host }, () => {
      const found = (probe.address() as AddressInfo).port
      probe.close(() => resolve(found))
    })
  })
}

/**
 * Checks all ports before anything starts, so that one message names every port
 * in use.
 *
 * @param ports - By their flags; undefined for a port that is not needed.
 * @throws {HomeError} port-taken
 */
export async function assertFree(
  ports: Readonly<Record<string, number | undefined>>,
): Promise<void> {
  const probes = Object.entries(ports).map(([flag, port = 0]) =>
    freePort(port, flag),
  )
  const errors = (await Promise.allSettled(probes)).flatMap((probe) =>
    probe.status === 'rejected' ? [probe.reason] : [],
  )
  if (errors.length === 1) throw errors[0]
  const texts = errors.map(({ message }) => message)
  if (texts.length > 1) throw new HomeError('port-taken', texts.join('\n'))
}

/**
 * Turns an error of `listen` into one that names the port and says what to do.
 */
export function toPortError(
  error: unknown,
  port: number,
  flag: string,
): unknown {
  const { code } = error as NodeJS.ErrnoException
  const why =
    code === 'EADDRINUSE'
      ? `Port ${port} on 127.0.0.1 is in use by another program.`
      : code === 'EACCES'
        ? `Port ${port} on 127.0.0.1 can't be opened by this user.`
        : undefined
  if (why === undefined) return error
  return new HomeError(
    'port-taken',
    `${why} Choose another port with ${flag}, or use ${flag} 0 for any free port.`,
    error,
  )
}

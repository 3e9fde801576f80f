import {
  AddressField,
  ChainId,
  Fields,
  type Parser,
  Problems,
} from '@keyward/core'
import type { SafeDomain } from './SafeTransaction.js'
import * as Pins from './state/Pins.js'

/**
 * Identifies a Safe and the state that its owners agreed on. It contains no
 * secrets.
 */
export type SafeFile = {
  readonly domain: SafeDomain
  readonly pins: Pins.Pins
}

/** Version of this form. A different form gets a new number. */
const version = 1
const names = ['version', 'chainId', 'safe', 'pins'] as const

/** As JSON, with checksummed addresses. */
export function toJson({ domain, pins }: SafeFile) {
  const checksum = AddressField.toChecksum
  return {
    version,
    chainId: domain.chainId,
    safe: checksum(domain.safe),
    pins: {
      ...pins,
      singleton: checksum(pins.singleton),
      owners: pins.owners.map(checksum),
      modules: pins.modules.map(checksum),
      guard: checksum(pins.guard),
      fallbackHandler: checksum(pins.fallbackHandler),
    },
  }
}

/** @throws InvalidRequestError, which lists all errors */
export function fromJson(value: unknown): SafeFile {
  const problems = Problems.create('safe file')
  const fields = Fields.open(value, names, '', problems)
  fields?.required('version', parseVersion)
  const chainId = fields?.required('chainId', ChainId.parse)
  const safe = fields?.required('safe', AddressField.parseNonZero)
  const pins = fields?.required('pins', Pins.parse)
  problems.assertNone()
  return { domain: { chainId, safe }, pins } as SafeFile
}

const parseVersion: Parser<number> = (value, path, problems) =>
  value === version ? version : problems.wrong(path, value, String(version))

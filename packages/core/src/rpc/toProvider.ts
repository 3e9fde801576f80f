import { isIP } from 'node:net'

/** Suffixes under which registries assign names one level deeper. */
const registries: Readonly<Record<string, string>> = {
  ae: 'ac co gov net org',
  ar: 'com edu gob net org',
  at: 'ac co gv or',
  au: 'asn com edu gov id net org',
  br: 'app com dev edu gov net org tec',
  cn: 'ac com edu gov net org',
  co: 'com edu gov net nom org',
  es: 'com edu gob nom org',
  hk: 'com edu gov idv net org',
  id: 'ac biz co go my net or web',
  il: 'ac co gov net org',
  in: 'ac co edu firm gen gov ind net org res',
  jp: 'ac ad co ed go gr lg ne or',
  ke: 'ac co go ne or',
  kr: 'ac co go ne or pe re',
  mx: 'com edu gob net org',
  my: 'com edu gov name net org',
  ng: 'com edu gov net org',
  nz: 'ac co geek gen govt net org',
  ph: 'com edu gov net org',
  pk: 'com edu gov net org',
  pl: 'com edu gov net org',
  sa: 'com edu gov net org',
  sg: 'com edu gov net org per',
  th: 'ac co go in net or',
  tr: 'biz com edu gen gov info net org web',
  tw: 'com edu gov idv net org',
  ua: 'com edu gov in net org',
  uk: 'ac co gov ltd me net org plc',
  vn: 'ac com edu gov net org',
  za: 'ac co gov net org web',
}

/** Suffixes under which a platform gives each account a name. */
const accounts = /^(?:ts\.net|workers\.dev)$/

/** Other domains of the same provider. */
const aliases: Readonly<Record<string, string>> = {
  'alchemyapi.io': 'alchemy.com',
  'allnodes.me': 'publicnode.com',
  'binance.org': 'bnbchain.org',
  'blxrbdn.com': 'bloxroute.com',
  'defibit.io': 'bnbchain.org',
  'drpc.live': 'drpc.org',
  'getblock.us': 'getblock.io',
  'grove.city': 'pokt.network',
  'moralis-nodes.com': 'moralis.io',
  'ninicoin.io': 'bnbchain.org',
  'p2pify.com': 'chainstack.com',
  'quiknode.pro': 'quicknode.com',
}

/**
 * Top-level names that no registry assigns: they belong to private networks.
 */
const privateTops =
  /^(?:consul|corp|docker|home|internal|intranet|lan|local|localdomain|localhost|private|test)$/

/**
 * The provider of an endpoint, derived from its host. Two endpoints of one
 * provider count as one witness. Hosts that can't be told apart count as one
 * provider: names under a platform that names each machine or program
 * (`amazonaws.com`, `fly.dev`) may belong to one owner. Counting two providers
 * as one only delays finality, but counting one provider as two would make its
 * claims count as confirmed. For hosts without a name, each port counts as its
 * own provider.
 */
export function toProvider({ hostname, port }: URL): string {
  // A host name may end with the root's dot.
  const name = toIpv4(hostname.replace(/\.$/, ''))
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0
  const labels = name.split('.')
  if (isAddress || labels.length < 2) return port ? `${name}:${port}` : name
  const service = /(?:^|\.)([^.]+\.[^.]+\.svc)(?:\.|$)/.exec(name)?.[1]
  const [middle = '', top = ''] = labels.slice(-2)
  if (service !== undefined && (top === 'svc' || privateTops.test(top)))
    return service
  if (privateTops.test(top)) return name
  const own = labels.slice(-2).join('.')
  const isDeep =
    registries[top]?.split(' ').includes(middle) === true || accounts.test(own)
  const domain = isDeep ? labels.slice(-3).join('.') : own
  return aliases[domain] ?? domain
}

/** Converts an IPv4 address written as IPv6. */
function toIpv4(name: string): string {
  const [, high, low] =
    /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(name) ?? []
  if (high === undefined || low === undefined) return name
  const bytes = Buffer.from(high.padStart(4, '0') + low.padStart(4, '0'), 'hex')
  return bytes.join('.')
}

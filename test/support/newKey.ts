import { encryptKeystoreJsonSync, Wallet } from 'ethers'
import { openssl } from './openssl.js'

/** A key that OpenSSL made, in SEC1, and what its own text says of it. */
export function newKey(args: readonly string[] = ['-noout']) {
  const sec1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', ...args])
  const text = openssl(['ec', '-noout', '-text'], sec1).toString()
  const [, priv = ''] = /priv:\n((?:\s+[0-9a-f:]+\n)+)/.exec(text) ?? []
  const hex = priv.replaceAll(/[\s:]/g, '').slice(-64).padStart(64, '0')
  return { sec1, hex, address: new Wallet(`0x${hex}`).address }
}

/** A keystore by ethers, quick to open unless N is given. */
export function byEthers(privateKey: string, secret: string, N = 2): string {
  const { address } = new Wallet(privateKey)
  const scrypt = { N, r: 8, p: 1 }
  return encryptKeystoreJsonSync({ address, privateKey }, secret, { scrypt })
}

import { type Command, Option } from 'commander'
import type { Result } from '../output/Result.js'
import type { Terminal } from '../terminal/Terminal.js'
import { keyOption } from './keyOption.js'
import { examples, type Setup } from './Setup.js'

type SignOptions = {
  key?: string
  in: string
  yes?: true
  json?: true
  hex?: true
  allowDelegation?: true
  anyChain?: true
  sidecar?: 'eip4844' | 'eip7594'
}

/** What every `sign` command is given, defaults filled in. */
export type SignRequest = {
  keyId: string
  /** Path of the input, `-` for standard input. */
  in: string
  yes: boolean
  /** The input of `sign message` is hex text and means its bytes. */
  hex: boolean
  allowDelegation: boolean
  anyChain: boolean
  /** The form of a blob transaction's sidecars, where the table is wrong. */
  sidecar: 'eip4844' | 'eip7594' | undefined
}

type Sign = (terminal: Terminal, request: SignRequest) => Promise<Result>

export function addSignCommands(program: Command, setup: Setup): void {
  const sign = program
    .command('sign')
    .description('sign a transaction, message, typed data or authorization')

  define('tx', 'sign a transaction given as JSON', async (...args) =>
    (await import('../commands/signTx.js')).signTx(...args),
  )
    .option('--allow-delegation', 'allow a transaction of type 4 (EIP-7702)')
    .option('--any-chain', 'allow authorizations for every chain (chain id 0)')
    .addOption(
      new Option(
        '--sidecar <form>',
        'the proofs that the network takes with blobs',
      ).choices(['eip4844', 'eip7594']),
    )
    .addHelpText(
      'after',
      `\nThe JSON has viem's field names, for example
  {"type":"eip1559","chainId":1,"nonce":0,"to":"0x…","value":"1000000000000000",
   "gas":21000,"maxFeePerGas":"30000000000","maxPriorityFeePerGas":"1000000000"}
Amounts are wei, as decimal or 0x strings, or as whole numbers up to 2^53-1.
Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign tx --key alias/treasury --in tx.json',
        'keyward sign tx --in - --json < tx.json',
      )}`,
    )

  define('message', "sign a file's bytes (EIP-191)", async (...args) =>
    (await import('../commands/signMessage.js')).signMessage(...args),
  )
    .option('--hex', 'the input is hex text: sign the bytes it stands for')
    .addHelpText(
      'after',
      `\nEvery byte counts, a newline at the end too. Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign message --in message.txt',
        'printf %s hello | keyward sign message --in - --json',
        'printf 0xdeadbeef | keyward sign message --in - --hex',
      )}`,
    )

  define('typed-data', 'sign typed data (EIP-712)', async (...args) =>
    (await import('../commands/signTypedData.js')).signTypedData(...args),
  ).addHelpText(
    'after',
    `\nThe JSON is that of eth_signTypedData_v4: {"types","primaryType","domain","message"}.
Calls kms:GetPublicKey, kms:Sign.${examples(
      'keyward sign typed-data --key alias/treasury --in permit.json',
      'keyward sign typed-data --in - --json < permit.json',
    )}`,
  )

  define(
    'authorization',
    "hand the account to a contract's code (EIP-7702)",
    async (...args) =>
      (await import('../commands/signAuthorization.js')).signAuthorization(
        ...args,
      ),
  )
    .option('--allow-delegation', 'say that handing the account over is meant')
    .option('--any-chain', 'allow an authorization for every chain (id 0)')
    .addHelpText(
      'after',
      `\nThe JSON is {"address": contract, "chainId": 1, "nonce": 0}. Calls kms:GetPublicKey, kms:Sign.${examples(
        'keyward sign authorization --allow-delegation --in authorization.json',
      )}`,
    )

  program
    .command('verify')
    .description('check who signed a transaction, message or typed data')
    .requiredOption('--address <address>', 'the address that should have')
    .addOption(inputOption())
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nThe input is a signed transaction in hex, or JSON {"message","signature"} or
{"typedData","signature"}; a message is text, or {"raw":"0x…"} for bytes.
Exits 1 when the signature is not that address's. Calls nothing.${examples(
        'keyward verify --address 0x… --in signed.txt',
        'echo \'{"message":"hello","signature":"0x…"}\' | keyward verify --address 0x… --in -',
      )}`,
    )
    .action(async (options: { address: string; in: string; json?: true }) => {
      const { verify } = await import('../commands/verify.js')
      await setup.finish(await verify(setup.terminal, options), options)
    })

  function define(name: string, description: string, run: Sign): Command {
    return sign
      .command(name)
      .description(description)
      .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
      .addOption(inputOption())
      .option('-y, --yes', "don't ask before signing with a key in AWS")
      .option('--json', 'print one line of JSON')
      .action(async (options: SignOptions) => {
        const request = {
          keyId: keyOption(setup.terminal, options.key),
          in: options.in,
          yes: options.yes === true,
          hex: options.hex === true,
          allowDelegation: options.allowDelegation === true,
          anyChain: options.anyChain === true,
          sidecar: options.sidecar,
        }
        await setup.finish(await run(setup.terminal, request), options)
      })
  }
}

function inputOption(): Option {
  return new Option(
    '--in <file>',
    'the input; - for standard input',
  ).makeOptionMandatory()
}

import { define } from '../../program/define.js'
import {
  choice,
  list,
  number,
  retired,
  text,
  toggle,
} from '../../program/Input.js'
import { dryRun, newLedger, stack, verbose, yes } from '../../program/inputs.js'
import { origin } from '../../program/originInput.js'
import { parseEtherText } from '../../program/parsers.js'
import { rpcUrl } from './rpcUrlInput.js'

/** The settings of the stack, which are read together. */
const settingInputs = {
  network: text('--network <name>', "the chain's name or decimal id"),
  admin: list('--admin <arn>', 'an administrator of the key; can be repeated'),
  user: list('--user <arn>', 'a role that signs, in addition to the functions'),
  importer: list('--importer <arn>', 'a role that imports key material'),
  breakGlass: list('--break-glass <arn>', 'the role that may delete the key'),
  deployer: list(
    '--deployer <arn>',
    "the role that deploys the stack (default: CDK's role)",
  ),
  invoker: list(
    '--invoker <alias=arn>',
    'a caller of the functions, with its alias; repeat the flag for each caller',
  ),
  owner: list(
    '--owner <alias=arn>',
    'multisig: an owner, with the role that approves for it; repeat the flag for each owner',
  ),
  proposer: list(
    '--proposer <alias=arn>',
    'multisig: a role that proposes, rejects and executes',
  ),
  alias: text('--alias <name>', "the key's alias (default: alias/STACK)"),
  origin,
  address: text('--address <address>', 'the address that the key must have'),
  existingKeyArn: text('--existing-key-arn <arn>', 'use this existing key'),
  existingLedger: text(
    '--existing-ledger <table>',
    'continue with this existing ledger table',
  ),
  ledgerWriter: list(
    '--ledger-writer <arn>',
    'a role that writes to the ledger, in addition to the functions',
  ),
  maxForeign: text(
    '--max-foreign <n>',
    'how many transactions that are not in the ledger can appear at once before sending stops, or unlimited',
  ),
  logLevel: choice('--log-level <level>', "the functions' log level", [
    'DEBUG',
    'INFO',
    'WARN',
    'ERROR',
  ]),
  maxTransactionFee: text(
    '--max-transaction-fee <ether>',
    'refuse transactions whose fees could cost more than this',
    parseEtherText,
  ),
  concurrency: number(
    '--concurrency <n>',
    'concurrent executions per function; 0 stops the functions',
    {
      min: 0,
      max: 1_000_000,
    },
  ),
}

export const deployCommand = define('deploy', {
  description: 'create or change the stack (key, policy, functions)',
  takes: {
    stack,
    ...settingInputs,
    oldMaxFee: retired('--max-fee <ether>', '--max-transaction-fee, in ether'),
    safeFile: text(
      '--safe-file <file>',
      "multisig: the file with the Safe's pins",
    ),
    coordinator: toggle(
      '--no-coordinator',
      'multisig: deploy a single owner, without a coordinator or relayer',
    ),
    policy: text(
      '--policy <file>',
      'the policy that limits what the functions sign (docs/policy.md), or the word none',
    ),
    rpcUrl,
    newLedger,
    context: list('-c, --context <name=value>', 'any other stack setting'),
    settings: text(
      '--settings <file>',
      'a JSON file with settings; flags override them',
    ),
    allowNewAccount: toggle(
      '--allow-new-account',
      "allow a different key to replace the stack's key",
    ),
    verbose,
    dryRun,
    yes,
  },
  help: `Settings that you don't pass keep their values. An empty value (-c logLevel=)
restores the default. A list (--admin, --user, --importer, --break-glass,
--deployer, --invoker, --proposer, --ledger-writer) is replaced as a whole: to
add a caller, pass all callers. The command names the entries that a new list
removes, before it asks. The local home needs no settings. If KMS creates the key,
its address is deployed as the pin: the functions then sign only for that
address. A pin is never removed. Exit code 3: the address could not be read, or
another step is left.

Needs a bootstrapped account (npx --no-install cdk bootstrap), sts:AssumeRole on
CDK's roles or the same permissions, and kms:GetPublicKey or
lambda:InvokeFunction. With --existing-ledger, it also needs the permissions of
keyward ledger protect.

With --policy, the functions sign only what the policy allows; --policy none
removes the policy. A new stack on a network other than local needs one of the
two. Without the flag, the stack keeps its policy, but stores only the file's path
and SHA-256: if the file has been moved or changed since the last deployment, the
new deployment is refused until you pass --policy again.

An account that has already sent transactions needs its ledger
(--existing-ledger), or --new-ledger. The latter reads and shows the account's
transaction count, which must stay the same until the first request; after that,
the setting has no effect. The count is read from the URL of --rpc-url,
otherwise from RPC_URL or ETH_RPC_URL.

With --rpc-url (the ARN of a secret or parameter, or - for the URL itself), the
stack also sends transactions. With -, deploy writes the URL to the SecureString
parameter /keyward/STACK/rpc-url, which needs ssm:PutParameter; keyward destroy
deletes it. You can pass a URL directly if it contains no API key or is on
loopback.

With --owner, the stack is a multisig (docs/guides/multisig.md): a key and a
co-signer function for each owner, a coordinator, and a relayer with its own
key. With --owner alias=ARN,name=ARN, several people can approve for one owner.
Deploy the stack, create the Safe with its owners (keyward safe create), and
deploy again with --safe-file. Set an owner's other settings (open, openCalls,
policy, rpcUrl) in "owners" in the --settings file.`,
  examples: [
    'keyward deploy',
    'keyward deploy --network sepolia --admin arn:aws:iam::111122223333:role/ops',
    'keyward deploy --log-level DEBUG',
    'keyward deploy --settings treasury.json --stack treasury --dry-run',
    'keyward deploy --existing-key-arn arn:aws:kms:… --address 0x…',
    'keyward deploy --stack treasury --rpc-url -',
    'keyward deploy --stack treasury --policy payouts.json --dry-run',
    'keyward deploy --stack treasury --new-ledger --rpc-url https://rpc.example.org',
    'keyward deploy --stack shared --network sepolia --rpc-url - --admin arn:aws:… \\\n    --owner anna=arn:aws:… --owner bert=arn:aws:… --owner cleo=arn:aws:… \\\n    --proposer dora=arn:aws:…',
    'keyward deploy --stack shared --safe-file treasury.safe.json',
    'keyward deploy --stack shared-bert --network sepolia --rpc-url - --admin arn:aws:… \\\n    --owner bert=arn:aws:… --no-coordinator --safe-file treasury.safe.json',
  ],
  run: async (terminal, options) =>
    (await import('./deployStack.js')).deployStack(terminal, options),
})

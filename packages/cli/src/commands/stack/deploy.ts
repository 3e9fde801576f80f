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

/** Each is a setting of the stack; all of them are read together. */
const settingInputs = {
  network: text('--network <name>', 'chain: its name, or its id in decimal'),
  admin: list('--admin <arn>', 'who looks after the key; may be repeated'),
  user: list('--user <arn>', 'who signs, beside the functions'),
  importer: list('--importer <arn>', 'who imports key material'),
  breakGlass: list('--break-glass <arn>', 'who may delete the key'),
  deployer: list('--deployer <arn>', "who deploys (default: the CDK's role)"),
  invoker: list('--invoker <alias=arn>', 'who calls the functions, by alias'),
  owner: list(
    '--owner <alias=arn>',
    'multisig: an owner, by who approves for it; repeat it for each',
  ),
  proposer: list(
    '--proposer <alias=arn>',
    'multisig: who proposes, rejects and executes',
  ),
  alias: text('--alias <name>', 'of the key (default: alias/ and the stack)'),
  origin,
  address: text('--address <address>', 'the account that the key must have'),
  existingKeyArn: text(
    '--existing-key-arn <arn>',
    'functions only, for this key',
  ),
  existingLedger: text(
    '--existing-ledger <table>',
    'continue this ledger; it is then protected',
  ),
  ledgerWriter: list(
    '--ledger-writer <arn>',
    'who writes the ledger, beside the functions',
  ),
  maxForeign: text(
    '--max-foreign <n>',
    "others' transactions at once before sending stops, or unlimited",
  ),
  logLevel: choice('--log-level <level>', 'of the functions', [
    'DEBUG',
    'INFO',
    'WARN',
    'ERROR',
  ]),
  maxTransactionFee: text(
    '--max-transaction-fee <ether>',
    'refuse transactions that may cost more in fees',
    parseEtherText,
  ),
  concurrency: number('--concurrency <n>', 'executions at once; 0 stops', {
    min: 0,
    max: 1_000_000,
  }),
}

export const deployCommand = define('deploy', {
  description: 'create the stack (key, policy, functions), or change it',
  takes: {
    stack,
    ...settingInputs,
    oldMaxFee: retired(
      '--max-fee <ether>',
      '--max-transaction-fee, in ether a transaction',
    ),
    safeFile: text(
      '--safe-file <file>',
      'multisig: the Safe and what was pinned',
    ),
    coordinator: toggle(
      '--no-coordinator',
      'multisig: one owner alone, without coordinator and relayer',
    ),
    policy: text(
      '--policy <file>',
      'what may be signed (docs/policy.md), or none',
    ),
    rpcUrl,
    newLedger,
    context: list('-c, --context <name=value>', 'any other setting'),
    settings: text('--settings <file>', 'settings as JSON; flags win'),
    allowNewAccount: toggle(
      '--allow-new-account',
      'let another key take the place of this one',
    ),
    verbose,
    dryRun,
    yes,
  },
  help: `Settings that you don't give stay as they were; an empty one (-c logLevel=) goes
back to its default, and a pin is never removed. The local home needs none. The
address of a key that AWS makes is deployed as the pin; exit 3 when it could not
be read.

Needs the account bootstrapped (npx cdk bootstrap), and sts:AssumeRole on the
CDK's roles, or what they may; kms:GetPublicKey or lambda:InvokeFunction. With
--existing-ledger what keyward ledger protect needs.

With --policy the functions sign only what the policy allows; --policy none takes
it away. A new stack on a network other than local needs one of the two. Without
the flag the stack keeps its policy, and a file that has changed
since is refused.

An account that has sent before needs the ledger that knows it
(--existing-ledger), or --new-ledger: its count is read, shown, and has to stay
the same until the first request. Later it means nothing. It is read from the
URL of --rpc-url, else from RPC_URL or ETH_RPC_URL.

With --rpc-url (ARN of a secret or parameter, or - for the URL itself) the stack
also sends. With -, deploy writes the URL to the SecureString parameter
/keyward/STACK/rpc-url, which takes ssm:PutParameter; keyward destroy deletes it.
A URL without a key, or on loopback, can be given as it is.

With --owner the stack is a multisig (docs/guides/multisig.md): a key and a
co-signer function for each owner, a coordinator, and a relayer with a key of its
own. ARN,name=ARN lets several approve for one owner. Deploy it, create the Safe
with its owners (keyward safe create), and deploy again with --safe-file. What
else an owner has (open, openCalls, policy, rpcUrl) is in owners of --settings.`,
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

// The walls between the rooms; docs/README.md says what lives where.
const test = String.raw`\.(test|test-d|bench)\.ts$`
// A package of npm resolves into node_modules; ours resolve to packages/*/src.
const npm = (...names) => names.map((name) => `node_modules/${name}/`)

/** From `folder`, no package of ours but the named ones may be imported. */
const ours = (folder, ...allowed) => ({
  name: `${folder}-imports-only-its-own`,
  comment: `packages/${folder} may import ${allowed.join(', ') || 'none'} of ours.`,
  severity: 'error',
  from: { path: `^packages/${folder}/` },
  to: {
    path: '^packages/',
    pathNot: [folder, ...allowed].map((name) => `^packages/${name}(/|$)`),
  },
})

/** From `folder`, no package of npm but the named ones may be imported. */
const theirs = (name, from, ...allowed) => ({
  name,
  comment: `${from} may import only ${allowed.join(', ') || 'nothing'} from npm.`,
  severity: 'error',
  from: { path: from, pathNot: test },
  to: {
    dependencyTypesNot: ['core'],
    path: 'node_modules/',
    ...(allowed.length > 0 && { pathNot: npm(...allowed) }),
  },
})

module.exports = {
  forbidden: [
    ours('core'),
    ours('iam'),
    ours('keyfile', 'core'),
    ours('local', 'iam'),
    // It ships the functions' bundles as files and imports none of their code.
    // Of core it takes the table of partitions, and the check of a webhook.
    ours(
      'cdk',
      ...[
        'core/src/aws',
        'iam/src/(functions|key-policy|ledger-policy|scp|quote\\.ts)',
      ],
    ),
    ours('sender', 'core'),
    ours('guard', 'core'),
    ours('safe', 'core', 'guard'),
    ours('lambda', 'core', 'guard', 'safe', 'sender'),
    // It deploys by the CDK's command line and has no aws-cdk-lib: of cdk it
    // takes how settings are read.
    ours(
      'toolkit',
      ...['core', 'guard', 'iam', 'keyfile', 'safe', 'sender'],
      'cdk/src/settings\\.ts',
    ),
    // The command line runs the functions' bundles, never their source.
    ours(
      'cli',
      ...['core', 'guard', 'iam', 'keyfile', 'local', 'safe', 'sender'],
      'toolkit',
    ),
    theirs(
      'core-stands-on-ox',
      '^packages/core/src/(?!viem/|ethers/|sdk/|pkcs11/)',
      'ox',
    ),
    theirs('core-viem-door', '^packages/core/src/viem/', 'ox', 'viem'),
    theirs('core-ethers-door', '^packages/core/src/ethers/', 'ox', 'ethers'),
    theirs('core-pkcs11-door', '^packages/core/src/pkcs11/', 'ox', 'koffi'),
    theirs(
      'core-sdk-door',
      '^packages/core/src/sdk/',
      'ox',
      '@aws-sdk/client-kms',
    ),
    theirs(
      'local-shares-no-signer-with-core',
      '^packages/local/',
      '@noble/curves',
      '@noble/hashes',
      '@foundry-rs/anvil',
      'dynalite',
    ),
    theirs(
      'cdk-stands-on-aws-cdk-lib',
      '^packages/cdk/src/',
      'aws-cdk-lib',
      'constructs',
    ),
    theirs('iam-stands-alone', '^packages/iam/src/'),
    theirs(
      'keyfile-decodes',
      '^packages/keyfile/src/',
      '@noble/hashes',
      '@scure/bip39',
    ),
    {
      name: 'terminals-are-of-the-command-line',
      comment:
        'Other doors use these rooms too: they notify, ask and answer data.',
      severity: 'error',
      from: {
        path: '^packages/(core|guard|iam|keyfile|safe|sender|toolkit)/src/(?!secret/readFromDescriptor)',
        pathNot: test,
      },
      to: {
        path: '^(node:)?(readline|tty)$|^(node:)?readline/|node_modules/commander/',
      },
    },
    {
      name: 'commands-know-no-program',
      comment: 'The program is made of commands, never the other way round.',
      severity: 'error',
      from: { path: '^packages/cli/src/commands/' },
      to: { path: '^packages/cli/src/(main|program/createProgram)' },
    },
    {
      name: 'only-the-program-knows-commands',
      comment: 'What commands share (options, input, output) imports none.',
      severity: 'error',
      from: {
        path: '^packages/cli/src/(program|input|output|terminal|errors)/',
        pathNot: [test, 'program/createProgram'],
      },
      to: { path: '^packages/cli/src/commands/' },
    },
    theirs('guard-stands-on-core', '^packages/guard/src/', 'ox'),
    theirs('safe-stands-on-core', '^packages/safe/src/', 'ox'),
    theirs('sender-stands-on-core', '^packages/sender/src/', 'ox'),
    theirs('lambda-stays-lean', '^packages/lambda/src/', 'ox'),
    {
      name: 'functions-have-the-credentials-of-lambda',
      comment: 'Others cost bundles bytes, and look where an attacker may be.',
      severity: 'error',
      from: {
        path: '^packages/(lambda|sender|core)/src/',
        pathNot: [test, '^packages/core/src/credentials/'],
      },
      to: { path: '^packages/core/src/credentials/' },
    },
    {
      name: 'key-service-behind-the-gate',
      comment: 'Only the gate, openKey.ts, asks a key service.',
      severity: 'error',
      from: {
        path: '^packages/',
        pathNot: [
          test,
          '^packages/core/src/(openKey|waitFor|index)\\.ts$',
          '^packages/core/src/(kms/createKmsClient|sdk/index)\\.ts$',
          '^packages/core/src/pkcs11/(createPkcs11Service|createSessions)\\.ts$',
        ],
      },
      to: { path: '^packages/core/src/KeyService\\.ts$' },
    },
    {
      name: 'key-services-are-made-for-the-gate',
      comment: 'Who makes one hands it to SigningKey.connect or open.',
      severity: 'error',
      from: {
        path: '^packages/(?!core/)',
        pathNot: [
          test,
          '^packages/lambda/src/signing/signer\\.ts$',
          '/(withSigningKey|signChallenge|openLedger)\\.ts$',
        ],
      },
      to: { path: '^packages/core/src/(kms|sdk)/' },
    },
    {
      name: 'digests-in-the-library-only',
      comment: 'Functions, command line and sender sign what they understand.',
      severity: 'error',
      from: { path: '^packages/(?!core/)', pathNot: test },
      to: { path: '^packages/core/src/digest/' },
    },
    {
      name: 'doors-make-no-digests',
      comment: 'encodedRequest makes one of what cannot be decoded.',
      severity: 'error',
      from: {
        path: '^packages/core/src/(?!digest/|Request\\.ts)',
        pathNot: test,
      },
      to: { path: '^packages/core/src/digest/(?!encodedRequest)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycles-of-types',
      severity: 'error',
      from: { path: '^packages/' },
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing passes every other wall.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { path: [test, '^test/', '^bench/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The peers are installed by the benchmark alone, from their own lockfile.
    exclude: { path: '/dist/|^bench/peers/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@keyward/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}

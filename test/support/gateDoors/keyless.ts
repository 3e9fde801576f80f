/** What core, safe and the sender export that no key is handed to. */
const exported: Record<string, string> = {
  '@keyward/core': `
    AccessListField.parse
    AddressField.parse AddressField.parseNonZero AddressField.toChecksum
    Authorization.getSignPayload Authorization.recover
    AuthorizationField.parse AuthorizationField.parseList
    AuthorizationField.parseUnsigned
    BlobField.parseHashes BlobField.parseSidecars BlobField.versionedHash
    ChainId.parse ChainId.parseOrAny
    EtherAmount.fromWei EtherAmount.parse EtherAmount.toWei
    FeeFields.read findDuplicate
    Fields.join Fields.list Fields.open Fields.unquoted
    escapeInvisible isDescribed maskHex maskSecrets mayBeSecret quote
    HexField.bytes HexField.data HexField.fixed HexField.maxDataBytes
    Message.getSignPayload
    Network.fromChainId Network.parse
    NetworkData.feeOracles NetworkData.get
    networks
    Problems.create
    PublicKey.fromSpki PublicKey.toAddress
    Quantity.between Quantity.maxNonce Quantity.maxUint256 Quantity.nonce
    Quantity.read Quantity.uint256
    Quote.kind Quote.line Quote.name Quote.value
    recoverAddress
    Signature.fromDer Signature.order Signature.toHex Signature.toLowS
    Signature.toRpc
    Transaction.decode Transaction.decodeUnsigned Transaction.getSignPayload
    Transaction.hash Transaction.maxLegacyChainId Transaction.serialize
    TransactionRequest.fromJson
    TypedData.getSignPayload TypedDataRequest.fromJson`,
  '@keyward/core/aws': `
    Partition.hasFips Partition.hostPrefix Partition.ofRegion adviceOn
    createAwsClient createExchange
    createRequestSigner dynamoDb findUnheard findUnheardProxy isLoopback
    isWebhookUrl
    readCredentials`,
  '@keyward/core/credentials': 'findCredentials',
  '@keyward/core/errors': `
    escapeInvisible isDescribed maskHex maskSecrets mayBeSecret quote`,
  '@keyward/core/rpc': `
    createRpc mapLimited RpcUrl.read RpcValue.damaged RpcValue.hash RpcValue.list
    RpcValue.objectOrNone RpcValue.quantity RpcValue.toQuantity
    systemRuntime toKeyOptions`,
  // They make key services, which only the gate takes.
  '@keyward/core/kms': 'createKmsClient',
  // `openToken` administers keys, and has no operation that signs.
  '@keyward/core/pkcs11': 'createPkcs11Service fingerprint openToken',
  '@keyward/core/sdk': 'fromSdk',
  '@keyward/safe': `
    Danger.closed Danger.dangers Danger.names byPolicy namedByPolicy
    ProposedCall.parseList ProposedCall.toBatch
    assertExecuted assertNonceUnused assertSameSafe assertSigned findExecution
    prepareExecution readStatus reviewData
    createCoordinator look lookAtMessage readClaim assertNoOwner assertRelayable
    Outcome.read Proposal.toSignature
    MessageFile.add MessageFile.create MessageFile.fromJson MessageFile.pack
    MessageFile.toJson messageData readMeaning reviewMessage toJson validity
    NewSafe.encodeSetup NewSafe.predictAddress NewSafe.toCreation
    Outcome.find Outcome.search
    Pins.findChanges Pins.from Pins.parse
    Proposal.add Proposal.create Proposal.fromBundle Proposal.merge
    Proposal.parseConfirmation Proposal.toBundle
    SafeFile.fromJson SafeFile.toJson
    SafeMessage.hash SafeMessage.hashPreimage SafeMessage.toRequest
    SafeMessage.toTypedData
    SafeSignature.pack SafeSignature.size
    SafeTransaction.create SafeTransaction.hash SafeTransaction.hashTypedData
    SafeTransaction.toTypedData
    SafeTransaction.zeroAddress
    SignatureCheck.check SignatureCheck.explain
    encodeExecution latestDeployment readState review`,
  '@keyward/sender': `
    checkLedger createLedger createMemoryLedger createRpc
    defaultConfirmations defaultMaxForeign findBlocking
    Operation.fromEvent
    ReconcilerOperation.fromEvent ReconcilerOperation.toRepairWire
    RevertReason.describe
    SendRequest.assertValid SendRequest.complete SendRequest.copy
    SendRequest.fromEvent SendRequest.fromKept SendRequest.hash
    SendRequest.hashTerms SendRequest.names SendRequest.termsFromJson
    SendRequest.toKept SendRequest.transactionId
    systemRuntime verifyWebhook`,
}

export const keyless = Object.entries(exported).flatMap(([entry, names]) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${entry} ${name}`),
)

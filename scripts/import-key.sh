#!/usr/bin/env bash
# Imports a secp256k1 private key into AWS KMS, with bash, OpenSSL and the AWS
# CLI.
# Its guide: docs/guides/import-by-hand.md

# Variables hold the key, so nothing may trace or export them, and this process
# must not dump core. The builtin printf pipes the key to OpenSSL, so it is
# never in an argument, the environment or a file.
{ set +xva; } 2>/dev/null
set -euo pipefail
umask 077
ulimit -c 0 2>/dev/null || true
export LC_ALL=C AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
# Only flags or the environment set the destination, never a profile.
export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true

readonly guide='docs/guides/import-by-hand.md'
# KMS's own endpoints, including FIPS, dual-stack and VPC. Other names under
# amazonaws.com may belong to customers (execute-api, elb, s3).
kms_hosts='^(vpce-[a-z0-9-]+\.)?kms(-fips)?\.[a-z]{2}(-[a-z]+)+-[0-9]+'
kms_hosts+='(\.vpce)?\.(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$'
readonly kms_hosts
folder='' unfinished='' child='' stage='' kms_arn='' plain_file='' ended='' terminal=''
local_home='' told=''

usage() {
  cat <<'END'
Imports a private key for Ethereum (secp256k1) into AWS KMS and proves that KMS
holds the same key. Needs bash, OpenSSL and the AWS CLI; runs in CloudShell.

  import-key.sh KEY SOURCE [options]

KEY, the destination (if you give neither, a terminal asks for it):
  --key-id KEY          a KMS key of origin EXTERNAL: id, ARN or alias
  --create ALIAS        create a key with the alias alias/ALIAS. If the alias
                        exists, use its key
  --policy FILE         the key policy of the new key. Without it, KMS's default
                        lets every administrator of the account sign

SOURCE, the private key:
  --pem FILE            a PEM file as OpenSSL writes it: SEC1 or PKCS#8,
                        encrypted or not; - reads standard input
  --generate            a new key, with --out FILE, or with --no-backup to keep
                        no copy. If KMS then loses the key, it is gone

Options:
  --out FILE            keep the key, encrypted (PKCS#8, AES-256), and read it
                        back before importing anything
  --expect-address 0x…  continue only if the key belongs to this account
  --wrapping NAME       rsa-oaep: RSAES_OAEP_SHA_256 with RSA_2048 (the default)
                        rsa-aes: RSA_AES_KEY_WRAP_SHA_256 with RSA_4096. OpenSSL
                        takes the one-time AES key as an argument, which other
                        users of this machine can see in the process list
  --password-fd N       read the password of --pem from this descriptor
  --out-password-fd N   read the password of --out from this descriptor
  --endpoint-url URL    a local home, or a KMS endpoint
  --endpoint-host HOST  confirms an endpoint whose host is not Amazon's
  --region, --profile   as in the AWS CLI
  --yes                 don't ask before changing AWS
  --help

The only secret that the script writes is the --out file. If the script stops,
run it again to continue.
Exit codes: 0 done, 1 failed, 2 wrong usage.

Examples:
  import-key.sh --key-id alias/treasury --pem key.pem
  import-key.sh --key-id alias/treasury --generate --out key.backup.pem
  import-key.sh --create treasury --policy policy.json --pem - <key.pem
  import-key.sh --endpoint-url "$AWS_ENDPOINT_URL" --create mine --pem key.pem
END
}

main() {
  read_arguments "$@"
  check_tools
  check_endpoint
  open_folder
  read_key
  find_kms_key
  if [[ $kms_state == PendingImport ]]; then
    [[ -z $out ]] || keep_backup
    confirm "Import this key into $kms_arn? The KMS key can never hold another one."
    import_material
  else
    say "The KMS key is already $kms_state, so the keys are only compared."
    [[ -z $out ]] || keep_backup
  fi
  verify
  report
}

# --- arguments ---------------------------------------------------------------

read_arguments() {
  key_id='' create='' policy='' pem_file='' generate='' no_backup='' out=''
  expect='' wrapping='rsa-oaep' password_fd='' out_password_fd='' yes=''
  endpoint='' endpoint_host='' region='' profile=''
  while (($# > 0)); do
    local flag=$1 value='' given=1
    if [[ $flag == --*=* ]]; then
      value=${flag#*=} flag=${flag%%=*}
    elif (($# > 1)); then
      value=$2 given=2
    fi
    case $flag in
      --help | -h) usage && exit 0 ;;
      --generate) generate=1 given=0 ;;
      --no-backup) no_backup=1 given=0 ;;
      --yes) yes=1 given=0 ;;
      --key-id) key_id=$value ;;
      --create) create=${value#alias/} ;;
      --policy) policy=$value ;;
      --pem) pem_file=$value ;;
      --out) out=$value ;;
      --expect-address) expect=$value ;;
      --wrapping) wrapping=$value ;;
      --password-fd) password_fd=$value ;;
      --out-password-fd) out_password_fd=$value ;;
      --endpoint-url) endpoint=$value ;;
      --endpoint-host) endpoint_host=$value ;;
      --region) region=$value ;;
      --profile) profile=$value ;;
      --*) wrong "the flag ${flag:0:20} doesn't exist" ;;
      *) wrong 'every argument needs a flag; keys are never arguments' ;;
    esac
    if ((given == 0)); then
      [[ $1 == "$flag" ]] || wrong "$flag takes no value"
      shift
      continue
    fi
    [[ -n $value && ($value != --* || $given == 1) ]] ||
      wrong "$flag needs a value"
    shift "$given"
  done
  check_arguments
}

check_arguments() {
  [[ -z $key_id || -z $create ]] || wrong 'use --key-id or --create, not both'
  [[ -z $create || $create =~ ^[a-zA-Z0-9/_-]+$ ]] ||
    wrong '--create takes an alias of letters, digits, / _ and -'
  [[ -z $policy || -n $create ]] || wrong '--policy needs --create'
  [[ -z $policy || -r $policy ]] || wrong "$policy can't be read"
  if [[ -z $pem_file ]]; then
    [[ -n $generate ]] ||
      wrong 'pass the private key with --pem FILE, or create one with --generate'
    [[ -n $out || -n $no_backup ]] || wrong \
      '--generate needs --out FILE, or --no-backup to keep no copy'
  fi
  [[ -z $pem_file || -z $generate ]] ||
    wrong 'use --pem or --generate, not both'
  [[ -z $no_backup || (-z $out && -n $generate) ]] ||
    wrong '--no-backup needs --generate, without --out'
  [[ -z $out || ! -e $out ]] || wrong \
    "$out exists and won't be overwritten. If it holds this key, use --pem $out"
  [[ -z $out || -d $(dirname -- "$out") ]] ||
    wrong "the folder of $out doesn't exist"
  [[ -z $expect || $expect =~ ^0x[0-9a-fA-F]{40}$ ]] ||
    wrong '--expect-address takes 0x and 40 hex digits'
  local fd
  for fd in "$password_fd" "$out_password_fd"; do
    [[ -z $fd || ($fd =~ ^[0-9]{1,3}$ && -e /dev/fd/$fd) ]] ||
      wrong "descriptor ${fd:0:20} is not open"
  done
  case $wrapping in
    rsa-oaep) algorithm=RSAES_OAEP_SHA_256 wrapping_spec=RSA_2048 ;;
    rsa-aes) algorithm=RSA_AES_KEY_WRAP_SHA_256 wrapping_spec=RSA_4096 ;;
    *) wrong '--wrapping must be rsa-oaep or rsa-aes' ;;
  esac
  [[ -n $key_id || -n $create ]] || ask_key_id
}

ask_key_id() {
  [[ -t 0 && -t 2 ]] ||
    wrong 'pass the KMS key with --key-id KEY, or create one with --create ALIAS'
  printf 'KMS key of origin EXTERNAL (id, ARN or alias/...): ' >&2
  IFS= read -r key_id
  [[ -n $key_id ]] || wrong 'no KMS key was entered'
}

check_tools() {
  ((BASH_VERSINFO[0] >= 4)) || die 'This script needs bash 4 or newer.'
  local tool
  for tool in aws openssl; do
    command -v "$tool" >/dev/null || die "$tool is missing. Install it first."
  done
  local version
  version=$(openssl version)
  [[ $version =~ ^OpenSSL\ ([0-9]+)\.([0-9]+) ]] ||
    die "This script needs OpenSSL, but openssl is $version."
  local release=$((BASH_REMATCH[1] * 100 + BASH_REMATCH[2]))
  ((release >= 101)) ||
    die "This script needs OpenSSL 1.1.1 or newer, not $version."
  [[ $wrapping == rsa-oaep || $release -ge 300 ]] ||
    die "--wrapping rsa-aes needs OpenSSL 3, not $version. Leave out the flag."
}

# A fake KMS that supplies the wrapping key can read the wrapped key.
check_endpoint() {
  local from_environment=${AWS_ENDPOINT_URL_KMS:-${AWS_ENDPOINT_URL:-}}
  # Debian's aws ignores these variables.
  [[ -n $endpoint ]] || endpoint=$from_environment
  loopback='' aws=(aws --cli-connect-timeout 10 --cli-read-timeout 60)
  [[ -z $profile ]] || aws+=(--profile "$profile")
  # An ARN includes its Region.
  [[ $key_id != arn:* || -n $region ]] ||
    region=$(cut -d : -f 4 <<<"$key_id")
  [[ -z $region ]] || aws+=(--region "$region")
  [[ -n $endpoint ]] || return 0
  aws+=(--endpoint-url "$endpoint")
  local host
  [[ $endpoint =~ ^(https?)://([][a-zA-Z0-9.:-]+)/?$ ]] || wrong \
    'an endpoint must be http(s)://HOST or http(s)://HOST:PORT'
  host=${BASH_REMATCH[2]}
  [[ $host =~ ^(.*):[0-9]+$ ]] && host=${BASH_REMATCH[1]}
  case ${endpoint%%:*} in
    http)
      case $host in
        127.0.0.1 | localhost | '[::1]')
          loopback=1
          ;;
        *) die "Plain http to $host is refused: anybody in between could read the" \
          'key. Plain http is allowed only on this machine.' ;;
      esac
      ;;
    https)
      [[ ${host,,} =~ $kms_hosts || $host == "$endpoint_host" ]] || die \
        "$host is not Amazon's KMS, and could read the key. To use it anyway," \
        "add --endpoint-host $host."
      ;;
  esac
}

# --- the key on this side ----------------------------------------------------

open_folder() {
  local parent=/dev/shm
  if [[ ! -d $parent || ! -w $parent ]]; then
    parent=${TMPDIR:-/tmp}
    say "There is no /dev/shm, so AWS's answers are temporarily in $parent. The" \
      'key itself is never in a file.'
  fi
  trap leave EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  folder=$(mktemp -d "$parent/import-key.$$.XXXXXXXX")
}

# Sets `key` (PEM, SEC1), `pkcs8_hex`, `public_hex` and `address`.
read_key() {
  if [[ -n $generate ]]; then
    key=$(openssl ecparam -name secp256k1 -genkey -noout)
  else
    read_pem
  fi
  # OpenSSL's output: PKCS#8 in DER, 135 bytes for this curve.
  pkcs8_hex=$(pipe_key | openssl pkcs8 -topk8 -nocrypt -outform DER | to_hex)
  local head='308184020100301006072a8648ce3d020106052b8104000a'
  head+='046d306b0201010420'
  [[ $pkcs8_hex == "$head"* && ${#pkcs8_hex} == 270 ]] ||
    die 'This key is not on the curve secp256k1, which Ethereum uses.'
  # OpenSSL 1.1 reports a bad key, but exits with success.
  local check
  check=$(pipe_key | openssl pkey -noout -check 2>&1) || check=''
  [[ $check == *'Key is valid'* ]] ||
    die "OpenSSL says that this key is invalid: its public key doesn't match, or" \
      'the number is out of range.'
  pipe_key | openssl ec -pubout -outform DER >"$folder/own.der" 2>/dev/null
  public_hex=$(tail -c 64 "$folder/own.der" | to_hex)
  address=$(to_address "$public_hex")
  say "Ethereum address  $address"
  [[ -z $expect || ${expect,,} == "${address,,}" ]] ||
    die "The private key does not belong to the expected address $expect."
}

read_pem() {
  local text password=''
  if [[ $pem_file == - ]]; then
    text=$(head -c 65537 | tr -d '\0')
  else
    [[ -f $pem_file && -r $pem_file ]] ||
      die "$pem_file doesn't exist or can't be read."
    text=$(head -c 65537 -- "$pem_file" | tr -d '\0')
    warn_of_readers
  fi
  ((${#text} <= 65536)) || die "$pem_file is too large for a key."
  [[ $text == *-----BEGIN* ]] ||
    die "$pem_file is not PEM. Convert DER with OpenSSL:" \
      'openssl ec -inform DER -in FILE -out key.pem'
  if [[ $text != *ENCRYPTED* ]]; then
    [[ $pem_file == - ]] || plain_file=$pem_file
  else
    read_password "Password of $pem_file: " "$password_fd"
    show_typing
  fi
  # From here on, the key always has the same form: named curve, uncompressed
  # public key.
  key=$(printf '%s\n' "$text" |
    openssl ec -passin fd:3 -conv_form uncompressed -param_enc named_curve \
      3< <(printf '%s\n' "$password") 2>"$folder/err") ||
    die "OpenSSL can't read $pem_file as a private key on a curve. Check the" \
      'file and the password.'
}

warn_of_readers() {
  local mode
  mode=$(stat -c %a -- "$pem_file" 2>/dev/null || stat -f %Lp -- "$pem_file")
  [[ $mode == *00 ]] || say "Warning: others can read $pem_file (mode $mode)."
}

# Reads `password` from a descriptor, or from the terminal without echo.
read_password() {
  local prompt=$1 fd=$2
  if [[ -n $fd ]]; then
    IFS= read -r password <&"$fd" || [[ -n $password ]] ||
      die "Descriptor $fd provided no password."
  else
    { : </dev/tty; } 2>/dev/null || die \
      'There is no terminal to ask for a password. Pass it on a descriptor' \
      '(--password-fd, --out-password-fd).'
    hide_typing
    printf '%s' "$prompt" >/dev/tty
    IFS= read -r password </dev/tty
    printf '\n' >/dev/tty
  fi
}

# Hides typing from before the first prompt until after the last one. bash's own
# `read -s` starts after each prompt and ends with each line, and would show
# text typed or pasted in between.
hide_typing() {
  [[ -z $terminal ]] || return 0
  terminal=$(stty -g </dev/tty)
  stty -echo </dev/tty
}

show_typing() {
  [[ -n $terminal ]] || return 0
  stty "$terminal" </dev/tty 2>/dev/null || true
  terminal=''
}

keep_backup() {
  local password='' first part=$out.part
  if [[ -n $out_password_fd ]]; then
    read_password '' "$out_password_fd"
  else
    read_password "New password for $out: " ''
    first=$password
    read_password 'Repeat it: ' ''
    show_typing
    [[ $first == "$password" ]] || die 'The two passwords differ.'
  fi
  ((${#password} >= 8)) || die 'The password must have at least 8 characters.'
  (set -C && : >"$part") 2>/dev/null ||
    die "$part already exists, or its folder can't be written to."
  unfinished=$part
  pipe_key | openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 \
    -iter 600000 -passout fd:3 3< <(printf '%s\n' "$password") >"$part"
  sync -- "$part" 2>/dev/null || sync
  openssl ec -in "$part" -passin fd:3 -pubout -outform DER \
    3< <(printf '%s\n' "$password") >"$folder/back.der" 2>/dev/null || true
  same "$folder/back.der" "$folder/own.der" ||
    die "$part does not contain this key. Nothing was imported."
  mv -n -- "$part" "$out"
  [[ ! -e $part ]] || die "Somebody else has created $out in the meantime."
  unfinished=''
  say "Saved, encrypted and read back: $out"
  pem_file=$out generate='' out=''
}

# --- the key in KMS ----------------------------------------------------------

# Sets `kms_arn` and `kms_state`.
find_kms_key() {
  stage='Nothing was changed in KMS.'
  if [[ -n $create ]]; then
    key_id=alias/$create
    if call DescribeKey kms describe-key --key-id "$key_id"; then
      say "$key_id exists: using its key."
    else
      [[ $(<"$folder/err") == *NotFoundException* ]] || explain_and_die
      create_kms_key
    fi
  fi
  local origin spec usage
  describe_key
  tell_target "$(cut -d : -f 5 <<<"$kms_arn")" "$(cut -d : -f 4 <<<"$kms_arn")"
  say "KMS key           $kms_arn ($kms_state)"
  [[ $spec == ECC_SECG_P256K1 && $usage == SIGN_VERIFY ]] ||
    die "The key has spec $spec for $usage. Ethereum needs ECC_SECG_P256K1" \
      'for SIGN_VERIFY.'
  [[ $origin == EXTERNAL ]] ||
    die "The key's origin is $origin: KMS created its material, and the key" \
      'accepts no other. Create a key of origin EXTERNAL.'
  case $kms_state in
    PendingImport) ;;
    Enabled)
      if [[ -n $generate ]]; then
        ended=1
        die 'The KMS key already holds a private key and accepts no new one.' \
          '--generate needs another KMS key.'
      fi
      ;;
    Disabled) die 'The KMS key is disabled. Run aws kms enable-key,' \
      'then try again.' ;;
    PendingDeletion) die 'The KMS key is scheduled for deletion.' \
      'Run aws kms cancel-key-deletion, then try again.' ;;
    *) die "The KMS key can't be used in the state $kms_state. Try again later." ;;
  esac
}

# A local home has the account of zeros, which nobody has in AWS. So a tunnel to
# AWS on this machine is not mistaken for a local home.
tell_target() {
  local target="AWS $1 $2"
  [[ -z $loopback || $1 != 000000000000 ]] || local_home=1
  [[ -z $local_home ]] || target="local home $endpoint"
  [[ $target == "$told" ]] || say "Target            $target"
  told=$target
}

describe_key() {
  call_late DescribeKey kms describe-key --key-id "${kms_arn:-$key_id}" --query \
    'KeyMetadata.[Arn,KeyState,Origin,KeySpec,KeyUsage]' || explain_and_die
  read -r kms_arn kms_state origin spec usage <"$folder/answer"
}

create_kms_key() {
  local more=()
  if [[ -n $policy ]]; then
    more+=(--policy "file://$policy")
  else
    say "Without --policy, KMS's default policy lets any IAM policy in the" \
      'account allow signing.'
  fi
  call GetCallerIdentity sts get-caller-identity --query '[Account,Arn]' ||
    explain_and_die
  local account you
  read -r account you <"$folder/answer"
  tell_target "$account" \
    "${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-(Region of your profile)}}}"
  say "You are           $you"
  confirm "Create a KMS key of origin EXTERNAL, alias/$create? AWS bills it monthly."
  stage='A KMS key without material or alias might have been created. Its'
  stage+=" description is $create."
  call CreateKey kms create-key --key-spec ECC_SECG_P256K1 \
    --key-usage SIGN_VERIFY --origin EXTERNAL --description "$create" \
    ${more[@]+"${more[@]}"} --query KeyMetadata.Arn || explain_and_die
  kms_arn=$(<"$folder/answer")
  stage="The key $kms_arn was created but holds no material. From now"
  stage+=" on, pass it with --key-id, so that you don't create a second one."
  call_late CreateAlias kms create-alias --alias-name "alias/$create" \
    --target-key-id "$kms_arn" || explain_and_die
  stage="$kms_arn was created but holds no material yet."
  say "Created           $kms_arn, alias/$create"
}

import_material() {
  stage="$kms_arn holds no material yet."
  say "Wrapping key      $wrapping_spec for $algorithm"
  call_late GetParametersForImport kms get-parameters-for-import \
    --key-id "$kms_arn" --wrapping-algorithm "$algorithm" \
    --wrapping-key-spec "$wrapping_spec" --query '[PublicKey,ImportToken]' ||
    explain_and_die
  local wrapping_key token
  read -r wrapping_key token <"$folder/answer"
  printf '%s' "$wrapping_key" | openssl base64 -d -A >"$folder/wrapping.der"
  printf '%s' "$token" | openssl base64 -d -A >"$folder/token"
  [[ -s $folder/wrapping.der && -s $folder/token ]] ||
    die 'KMS did not return a wrapping key and an import token.'
  if [[ $wrapping == rsa-oaep ]]; then
    pipe_pkcs8 | encrypt_by_wrapping_key >"$folder/wrapped"
  else
    local aes
    aes=$(openssl rand -hex 32)
    pipe_hex "$aes" | encrypt_by_wrapping_key >"$folder/wrapped"
    # RFC 5649. OpenSSL takes the key only as an argument.
    pipe_pkcs8 | openssl enc -id-aes256-wrap-pad -K "$aes" -iv A65959A6 \
      >>"$folder/wrapped"
  fi
  stage="The material may or may not be in $kms_arn."
  call_late ImportKeyMaterial kms import-key-material --key-id "$kms_arn" \
    --import-token "fileb://$folder/token" \
    --encrypted-key-material "fileb://$folder/wrapped" \
    --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE || explain_and_die
  stage="The material is in $kms_arn, but has not been compared yet."
}

# By default, OpenSSL uses SHA-1 for OAEP.
encrypt_by_wrapping_key() {
  openssl pkeyutl -encrypt -pubin -keyform DER -inkey "$folder/wrapping.der" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 \
    -pkeyopt rsa_mgf1_md:sha256
}

verify() {
  call_late GetPublicKey kms get-public-key --key-id "$kms_arn" \
    --query PublicKey || explain_and_die
  openssl base64 -d -A <"$folder/answer" >"$folder/kms.der"
  same "$folder/kms.der" "$folder/own.der" && return
  local other
  other=$(to_address "$(tail -c 64 "$folder/kms.der" | to_hex)")
  stage="$kms_arn belongs to another account: $other." ended=1
  die "The public key in KMS doesn't match this private key. Don't use this KMS" \
    'key for the private key: the KMS key can never hold other material.'
}

report() {
  stage=''
  say 'Verified          the public key in KMS matches the private key'
  printf 'address     %s\n' "$address"
  printf 'public key  %s\n' "$public_hex"
  printf 'key         %s\n' "$kms_arn"
  if [[ -n $plain_file ]]; then
    say "$plain_file still contains the private key, unencrypted. After you" \
      "have a backup: shred -u $(printf '%q' "$plain_file")"
  fi
}

# --- talking to AWS ----------------------------------------------------------

# Runs one call in the background, so that a signal ends it at once. Sets
# $folder/answer, $folder/err and `operation`.
call() {
  operation=$1
  shift
  "${aws[@]}" --output text "$@" >"$folder/answer" 2>"$folder/err" </dev/null &
  child=$!
  wait "$child"
}

# Like `call`, for a change made seconds ago, which KMS doesn't show everywhere
# at once.
call_late() {
  local tries error
  for tries in 1 2 3 4 5 6 7 8 9; do
    call "$@" && return
    error=$(<"$folder/err")
    case $error in
      *'is pending import'*) ;;
      *NotFoundException*) ((tries < 5)) || return 1 ;;
      *) return 1 ;;
    esac
    ((tries > 1)) || say "$1: KMS might not show the change yet; trying again."
    sleep "$tries" &
    child=$! && wait "$child"
  done
  call "$@"
}

explain_and_die() {
  local error hint=''
  error=$(<"$folder/err")
  error=${error#"${error%%[![:space:]]*}"}
  case $error in
    *AccessDenied*) hint='These credentials lack this permission on the key.' ;;
    *InvalidCiphertextException*)
      hint='KMS could not unwrap the material. Run this again to use a new key and token.' ;;
    *ExpiredImportToken*) hint='Run this again to use a new token.' ;;
    *InvalidImportToken*) hint='Run this again to use a new token.' ;;
    *IncorrectKeyMaterial*)
      hint='This KMS key has held another private key, and accepts only that one.' ;;
    *'pending import'*) hint='The key holds nothing yet. Run this again.' ;;
    *NotFound*) hint='Is this the right Region and account?' ;;
    *'Unable to locate credentials'* | *'token'*'invalid'* | *Expired*)
      hint='Sign in again, then run this again.' ;;
    *[Cc]'ould not connect'*) hint='Is the endpoint running, and is the network up?' ;;
  esac
  die "$operation: ${error:-no answer}"${hint:+$'\n'"$hint"}$'\n'"The table in" \
    "$guide explains each error."
}

# --- small things ------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }

wrong() {
  printf 'import-key.sh: %s.\nRun it with --help for the usage.\n' "$*" >&2
  exit 2
}

die() {
  printf '\nimport-key.sh: %s\n' "$*" >&2
  exit 1
}

confirm() {
  [[ -z $yes && -z $local_home ]] || return 0
  { : </dev/tty; } 2>/dev/null ||
    die 'There is no terminal to ask on. To confirm, pass --yes.'
  printf '%s [yes/no] ' "$1" >/dev/tty
  local answer
  IFS= read -r answer </dev/tty || answer=''
  [[ $answer == yes ]] || die 'Nothing was done.'
}

# On every exit: removes the folder, and reports the state after a failure.
leave() {
  local code=$?
  trap '' HUP INT TERM
  trap - EXIT
  show_typing
  [[ -z $child ]] || kill "$child" 2>/dev/null || true
  [[ -z $unfinished ]] || rm -f -- "$unfinished"
  [[ -z $folder ]] || rm -rf -- "$folder"
  if ((code != 0)) && [[ -n $stage ]]; then
    say "$stage"
    [[ -z $kms_arn || -n $ended ]] || tell_how_to_go_on
  fi
  exit "$code"
}

tell_how_to_go_on() {
  local source
  if [[ -n $generate ]]; then
    say 'The new private key existed only in this run. Unless KMS has' \
      "this key (as $address), the key is lost."
    source='--generate --no-backup'
  else
    source="--pem $(printf '%q' "$pem_file")"
  fi
  say "To continue: import-key.sh --key-id $kms_arn $source"
}

pipe_key() { printf '%s\n' "$key"; }
pipe_pkcs8() { pipe_hex "$pkcs8_hex"; }

same() { [[ -s $1 && $(to_hex <"$1") == "$(to_hex <"$2")" ]]; }

to_hex() { od -An -v -tx1 | tr -d ' \n'; }

pipe_hex() {
  local hex=$1 text='' i
  for ((i = 0; i < ${#hex}; i += 2)); do text+="\\x${hex:i:2}"; done
  printf '%b' "$text"
}

# The last 20 bytes of the public key's Keccak-256, in EIP-55's mixed case.
to_address() {
  local hash lower i digit
  hash=$(keccak256 "$1")
  lower=${hash:24}
  hash=$(keccak256 "$(printf '%s' "$lower" | to_hex)")
  printf 0x
  for ((i = 0; i < 40; i++)); do
    digit=${lower:i:1}
    [[ ${hash:i:1} == [89a-f] ]] && digit=${digit^^}
    printf '%s' "$digit"
  done
}

# Keccak-256 of less than 136 bytes, hex to hex. (OpenSSL has it since 3.2.)
keccak256() {
  local hex=$1 a=() b=() c=() i x y round t
  local -a rotations=(0 1 62 28 27 36 44 6 55 20 3 10 43 25 39 41 45 15 21 8 18
    2 61 56 14)
  local -a constants=(0000000000000001 0000000000008082 800000000000808a
    8000000080008000 000000000000808b 0000000080000001 8000000080008081
    8000000000008009 000000000000008a 0000000000000088 0000000080008009
    000000008000000a 000000008000808b 800000000000008b 8000000000008089
    8000000000008003 8000000000008002 8000000000000080 000000000000800a
    800000008000000a 8000000080008081 8000000000008080 0000000080000001
    8000000080008008)
  hex+=01
  while ((${#hex} < 272)); do hex+=00; done
  # Padding begins with 01 and ends with 80, combined if there is only one byte.
  if [[ ${hex:270} == 01 ]]; then hex=${hex:0:270}81; else hex=${hex:0:270}80; fi
  for ((i = 0; i < 25; i++)); do
    a[i]=0
    ((i >= 17)) || a[i]=$((16#$(swap "${hex:i*16:16}")))
  done
  for ((round = 0; round < 24; round++)); do
    for ((x = 0; x < 5; x++)); do
      c[x]=$((a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]))
    done
    for ((x = 0; x < 5; x++)); do
      t=${c[(x + 1) % 5]}
      t=$((c[(x + 4) % 5] ^ (t << 1 | (t >> 63 & 1))))
      for ((y = 0; y < 25; y += 5)); do a[x + y]=$((a[x + y] ^ t)); done
    done
    for ((i = 0; i < 25; i++)); do
      x=$((i % 5)) y=$((i / 5)) t=${rotations[i]}
      b[y + (2 * x + 3 * y) % 5 * 5]=$((t == 0 ? a[i] :
        a[i] << t | (a[i] >> (64 - t) & (1 << t) - 1)))
    done
    for ((i = 0; i < 25; i++)); do
      x=$((i % 5)) y=$((i / 5 * 5))
      a[i]=$((b[i] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5])))
    done
    a[0]=$((a[0] ^ 16#${constants[round]}))
  done
  for ((i = 0; i < 4; i++)); do swap "$(printf '%016x' "${a[i]}")"; done
}

swap() {
  local hex=$1
  printf '%s' "${hex:14:2}${hex:12:2}${hex:10:2}${hex:8:2}" \
    "${hex:6:2}${hex:4:2}${hex:2:2}${hex:0:2}"
}

main "$@"

import { Address, Message, Transaction, TypedData } from '@keyward/core'
import { InputError } from '../InputError.js'
import type { Result } from '../output.js'
import { decodeText, parseJson, readInput, sourceName } from '../readInput.js'
import type { Terminal } from '../Terminal.js'

type Verdict = { valid: boolean; address: string }

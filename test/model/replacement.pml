/* (d) One signed nonce. Two reconcilers, a cancel, a speed-up and the end of
 * `validUntil` at any time, by each process's own clock; the endpoint takes or
 * drops each broadcast; a block may go again before it is deep.
 *
 * Holds: stored bytes stay; once a cancel is stored, no request is; only stored
 * bytes are broadcast; the end that is told is that of the attempt that the
 * chain has for good, and it stays; once quiet, an end is told. */
#ifndef ROUNDS
#define ROUNDS 1     /* of the first reconciler; the second has one */
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2
#endif
#ifndef SPEED_UPS
#define SPEED_UPS 1
#endif
#ifndef REORGS
#define REORGS 1
#endif

#define NOTHING 0
#define REQUEST 1
#define CANCEL  2
#define DROPPED 3

/* The nonce's row and those of later attempts. */
byte purpose[ATTEMPTS];
/* The transaction's row. */
#define SENT 0       /* otherwise REQUEST: mined, CANCEL: replaced or expired */
byte status = SENT;
byte block;          /* the attempt of the block it names, plus 1 */
bool final;
bool cancelRequested;
/* The network. */
bool pool[ATTEMPTS];
byte mined;          /* the attempt in a block, plus 1 */
bool deep;
byte reorgs;

byte told;
byte ran;            /* reconcilers that have begun */
byte alive = 4 + SPEED_UPS;
bool over;

#ifdef NO_ATTEMPT
#define ATTEMPT(i) true
#else
#define ATTEMPT(i) (purpose[i] == NOTHING)
#endif
#ifdef NO_MARK_MINED_FINAL
#define MARK_MINED true
#else
#define MARK_MINED (!final)
#endif
#ifdef NO_MARK_UNMINED_FINAL
#define MARK_UNMINED_FINAL true
#else
#define MARK_UNMINED_FINAL (!final)
#endif
#ifdef NO_MARK_UNMINED_BLOCK
#define MARK_UNMINED_BLOCK true
#else
#define MARK_UNMINED_BLOCK (block != 0)
#endif
#if defined(NO_ADVANCE_STATUS_FINAL) || defined(NO_ADVANCE_STATUS)
#define ADVANCE_FINAL true
#else
#define ADVANCE_FINAL (!final)
#endif
#if defined(NO_ADVANCE_STATUS_ORDER) || defined(NO_ADVANCE_STATUS)
#define ADVANCE_ORDER true
#else
#define ADVANCE_ORDER (status == SENT)
#endif
#ifdef NO_FINISH_SIGNED_FINAL
#define FINISH true
#else
#define FINISH (!final)
#endif

/* What was told as the end stays. */
#define STAYS assert(!final || status == told)

inline broadcastAttempt(i, drops) {   /* transaction/broadcast.ts broadcast */
  assert(purpose[i] != NOTHING);
  if
  :: pool[i] = true; taken = true
  :: drops -> taken = false
  fi
}

inline finish(what) {          /* ledger/transactionTable.ts finish */
  if
  :: FINISH ->
     assert(deep && what == purpose[mined - 1]);
     final = true; told = what; status = what
  :: else
  fi
}

/* A block takes any attempt that some node has. */
#if ATTEMPTS > 2
#define POOL2 (pool[2])
#else
#define POOL2 false
#endif
#if ATTEMPTS > 3
#define POOL3 (pool[3])
#else
#define POOL3 false
#endif
#define IN_POOL (pool[0] || pool[1] || POOL2 || POOL3)
inline mine() {
  if
  :: pool[0] -> mined = 1
  :: pool[1] -> mined = 2
  :: POOL2 -> mined = 3
  :: POOL3 -> mined = 4
  fi
}

proctype Chain() {
  do
  :: atomic { mined == 0 && IN_POOL -> mine() }
  :: atomic { mined != 0 && !deep && reorgs < REORGS -> mined = 0; reorgs++ }
  :: atomic { mined != 0 && !deep -> deep = true }
  od
}

inline advanceStatus() {       /* ledger/transactionTable.ts advanceStatus */
  if
  :: ADVANCE_FINAL && ADVANCE_ORDER -> status = SENT; STAYS
  :: else
  fi
}

/* transaction/replace.ts replace: `known` attempts were read. */
inline storeNext(guard, what) {
  atomic { guard ->   /* ledger/nonceTable.ts storeAttempt */
    if
    :: ATTEMPT(known) ->
       assert(purpose[known] == NOTHING);
       assert(what == CANCEL || purpose[known - 1] == REQUEST);
       purpose[known] = what
    :: else      /* another process was first: its bytes are sent */
    fi
  }
}

#define FORGET known = 0; newest = 0; taken = false

inline readRow() {             /* ledger/nonceTable.ts getNonce */
  d_step {
    known = 0;
    do
    :: known < ATTEMPTS && purpose[known] != NOTHING -> known++
    :: else -> break
    od;
    newest = purpose[known - 1]
  }
}

/* transaction/advance.ts advance: its end, as slow as it likes. */
proctype Send() {
  bool taken;
  atomic { broadcastAttempt(0, true); if :: taken -> taken = false :: else -> alive--; goto done fi };
  atomic { advanceStatus(); alive-- };
done:
}

/* operations/cancel.ts cancel */
proctype Cancel() {
  byte known; byte newest; bool taken;
  atomic {       /* ledger/transactionTable.ts requestCancel */
    if :: !final -> cancelRequested = true :: else -> alive--; goto done fi
  };
  atomic { readRow(); if :: newest == REQUEST && known < ATTEMPTS :: else -> FORGET; alive--; goto done fi };
  storeNext(true, CANCEL);
  atomic { broadcastAttempt(known, true); if :: taken && purpose[known] == REQUEST :: else -> FORGET; alive--; goto done fi };
  atomic { advanceStatus(); FORGET; alive-- };
done:
}

/* operations/speedUp.ts speedUp */
proctype SpeedUp() {
  byte known; byte newest; bool taken;
  atomic { if :: final || cancelRequested -> alive--; goto done :: else fi };
  atomic { readRow(); if :: newest == REQUEST && known < ATTEMPTS :: else -> FORGET; alive--; goto done fi };
  storeNext(true, REQUEST);
  atomic { broadcastAttempt(known, true); if :: taken && purpose[known] == REQUEST :: else -> FORGET; alive--; goto done fi };
  atomic { advanceStatus(); FORGET; alive-- };
done:
}

/* What was read in this round is of no more use. */
inline endRound() {
  known = 0; newest = 0; taken = false; wasMined = false; wanted = false; found = 0; isDeep = false;
  if
  :: last ->
     if :: mined == 0 -> mine() :: else fi;
     deep = true;
     if :: rounds == 0 -> assert(final && told == purpose[mined - 1]); over = true :: else fi
  :: !last && rounds == 0 -> alive--
  :: else
  fi
}

proctype Reconciler(byte rounds; bool last; byte turn) {
  byte known; byte newest; bool taken;
  bool wasMined; bool wanted;
  byte found;        /* the attempt that has a receipt, plus 1 */
  bool isDeep;
  do
  :: rounds == 0 -> break
  :: atomic { rounds != 0 && (!last || alive == 0) && ran >= turn ->
       if :: !last && turn == ran -> ran++ :: else fi;
       turn = 0;
       rounds--; readRow()   /* reconcile/inspectNonces.ts inspectNonces */
     };
     atomic {
       if
       :: final -> endRound(); goto ended
       :: else -> wasMined = (block != 0)
       fi;
       if
       :: wanted = cancelRequested
       :: wanted = true          /* validUntil has passed */
       fi
     };
     atomic {                       /* reconcile/inspectSigned.ts inspectSigned */
       if
       :: mined != 0 && (mined <= known || deep) -> found = mined; isDeep = deep
       :: else -> found = 0
       fi
     };
decide:
     if
     :: atomic { found > known ->     /* reconcile/isExternal.ts isExternal: by bytes that it did not read */
#ifndef NO_SECOND_LOOK
          readRow()                 /* those that another process has stored since are ours */
#endif
        };
        if
        :: atomic { found > known -> finish(DROPPED); endRound() }   /* another wallet's, it seems */
        :: atomic { found <= known -> finish(purpose[found - 1]); endRound() }
        fi
     :: atomic { found != 0 && found <= known && isDeep -> finish(purpose[found - 1]); endRound() }   /* reconcile/settle.ts settleMined */
     :: atomic { found != 0 && found <= known && !isDeep ->   /* ledger/transactionTable.ts markMined */
          if
          :: MARK_MINED -> status = purpose[found - 1]; block = found; STAYS
          :: else
          fi;
          endRound()
        }
     :: atomic { found == 0 && wasMined ->     /* ledger/transactionTable.ts markUnmined */
          if
          :: MARK_UNMINED_FINAL && MARK_UNMINED_BLOCK -> status = SENT; block = 0; STAYS
          :: else
          fi;
          wasMined = false
        };
        goto decide
     /* reconcile/pushPending.ts pushPending */
     :: storeNext(found == 0 && !wasMined && newest == REQUEST && wanted && known < ATTEMPTS, CANCEL); goto sendNext
     :: storeNext(found == 0 && !wasMined && !(newest == REQUEST && wanted) && !last && known < ATTEMPTS, newest); goto sendNext   /* it looks stuck */
     :: atomic { found == 0 && !wasMined && (!(newest == REQUEST && wanted) || known == ATTEMPTS) ->
          known--;
          goto sendNext
        }
     fi;
     goto ended;
sendNext:
     atomic {
       broadcastAttempt(known, !last);
       if :: taken && purpose[known] == REQUEST :: else -> endRound(); goto ended fi
     };
     atomic { advanceStatus(); endRound() };
ended:
  od
}

init {
  atomic {
    purpose[0] = REQUEST;
    run Chain();
    run Send();
    run Cancel();
#if SPEED_UPS > 0
    run SpeedUp();
#endif
    run Reconciler(ROUNDS, false, 0);
#if ROUNDS == 1
    run Reconciler(1, false, 1);   /* the same as the first, and begins after it */
#else
    run Reconciler(1, false, 0);
#endif
    run Reconciler(3, true, 0)
  };
  timeout -> assert(over)
}

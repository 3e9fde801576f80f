/* What every process does with a transaction: it takes it as far as it goes.
 *
 * Each atomic is one read or one conditional write, with what the process
 * concludes from its answer. The inlines use the locals n, c, ok and wasFree of
 * the process and its labels `done` and `stopped`. A process that dies is one
 * that never takes another step: all are dead once it is `quiet`. STOP is for
 * one that dies and begins anew (the reconciler's next round). */

byte alive;    /* processes that are not through */
byte begun;    /* of those that are the same, one begins after the other */
bool quiet;
byte crashes;
#ifndef CRASHES
#define CRASHES 0
#endif

#define ME (1 << (_pid & 7))   /* as reader of a transaction's revision */
#define STOP(most) if :: crashes < most -> crashes++; goto stopped :: true fi

/* The head's hints come with the row's write, or are a write of their own. */
#ifdef HINTS_APART
#define HINT(may) }; atomic { may;
#else
#define HINT(may) ;
#endif

#define IS_OLD(i) (i < next && (!there[i] || (owner[i] == NOBODY && raw[i] == 0)))
#if N > 2
#define FREE2 (inFree[2])
#define OLD2  IS_OLD(2)
#else
#define FREE2 false
#define OLD2  false
#endif
#if N > 3
#define FREE3 (inFree[3])
#define OLD3  IS_OLD(3)
#else
#define FREE3 false
#define OLD3  false
#endif
#define ANY_OLD  (IS_OLD(0) || IS_OLD(1) || OLD2 || OLD3)
#define ANY_FREE (inFree[0] || inFree[1] || FREE2 || FREE3)

/* ledger/transactionTable.ts getTransaction: what is over has nothing to do. */
#define READ_TRANSACTION(t) \
  if \
  :: final[t] || cancelRequested[t] -> n = NO; c = 0 \
  :: else -> n = bound[t]; c = boundClaim[t] \
  fi

/* nonce/createAllocator.ts createAllocator */
inline allocate(t, may, most) {
  do
  :: atomic { may;
       if
       :: ANY_OLD ->   /* one that is suspicious looks below the head first */
          if :: IS_OLD(0) -> n = 0 :: IS_OLD(1) -> n = 1 :: OLD2 -> n = 2 :: OLD3 -> n = 3 fi;
          wasFree = there[n]
       :: !ANY_FREE && next < N ->   /* ledger/headTable.ts advanceHead */
          n = next; next++; wasFree = false
       :: ANY_FREE ->
          if :: inFree[0] -> n = 0 :: inFree[1] -> n = 1 :: FREE2 -> n = 2 :: FREE3 -> n = 3 fi;
          wasFree = true
       :: !ANY_OLD && !ANY_FREE && next >= N -> n = NO; goto done   /* the bound */
       fi
     };
     if
     :: atomic { may && !wasFree ->
          reserve(n, t, c);
          STOP(most);
          if :: ok -> break :: else -> n = NO; c = 0 fi
        }
     :: atomic { may && wasFree -> take(n, t, c); STOP(most) HINT(may)
          inFree[n] = false;   /* ledger/headTable.ts removeFree */
          wasFree = false;
          STOP(most);
          if :: ok -> break :: else -> n = NO; c = 0 fi
        }
     fi
  od
}

/* transaction/advance.ts advance */
inline advance(t, may, most) {
  if
  :: n == NO ->
     allocate(t, may, most);
     atomic { may;
       bind(t, n, c);   /* transaction/advance.ts bindNonce */
       STOP(most);
       if :: ok -> goto hasNonce :: else fi
     };
     /* Another process was first: nonce/createAllocator.ts giveBack. */
     atomic { may; free(n, t, c); STOP(most) HINT(may)
       if :: ok -> inFree[n] = true; STOP(most) :: else fi   /* ledger/headTable.ts addFree */
     };
     atomic { may; READ_TRANSACTION(t) }
  :: n != NO
  fi;
hasNonce:
  if
  :: atomic { may && n != NO ->
       store(n, t, c);   /* transaction/advance.ts signFirst */
       STOP(most);
       if :: ok :: else -> goto signed fi
     };
     atomic { may; broadcast(n, t) }
  :: n == NO
  fi;
signed:
}

/* operations/send.ts send: one process with a request, new or repeated. */
proctype Worker(byte t; byte turn) {
  byte n = NO;
  byte c;
  bool ok;
  bool wasFree;
  atomic { !quiet && begun >= turn;
    if :: turn == begun -> begun++ :: else fi;
    turn = 0;
    accept(t);
    if
    :: final[t] || cancelRequested[t] -> goto done
    :: else -> n = bound[t]; c = boundClaim[t]
    fi
  };
  advance(t, !quiet, 0);
stopped:
done:
  atomic { !quiet; n = NO; c = 0; ok = false; wasFree = false; alive-- }
}

/* operations/cancel.ts cancel: of what nothing is signed for. */
proctype Cancel(byte t) {
  byte n = NO;
  byte c;
  byte r;
  bool ok;
  atomic { !quiet;
    if
    :: !accepted[t] || final[t] -> goto done
    :: else -> requestCancel(t)
    fi
  };
  atomic { !quiet;
    if
    :: final[t] -> goto done
    :: else -> n = bound[t]; c = boundClaim[t]; r = ME; changed[t] = changed[t] & ~r
    fi
  };
  if   /* transaction/endUnsigned.ts endUnsigned */
  :: atomic { !quiet && n != NO -> free(n, t, c);
       if :: ok -> inFree[n] = true :: else -> changed[t] = changed[t] | r; goto done fi
     }
  :: n == NO
  fi;
  atomic { !quiet; finishUnsigned(t, r) };
done:
  atomic { !quiet; n = NO; c = 0; r = 0; ok = false; alive-- }
}

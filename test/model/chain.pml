/* The chain at the account's nonces, and what the reconciler makes of it.
 * Another wallet of the key may use a nonce as well; the first thing it sends
 * may equal the request that owns the nonce: bytes of ours that the ledger has
 * lost (what a reorg may make of that is in README.md). */
#ifndef FOREIGNS
#define FOREIGNS 0
#endif
#ifndef REORGS
#define REORGS 0
#endif

#define UNUSED  0
#define OURS    1
#define FOREIGN 2
#define EQUAL   3

#define MINED   1
#define DROPPED 2

byte used[N];
bool deep[N];          /* so many blocks on top that it stays */
byte foreigns;
byte reorgs;
byte told[T + 1];
byte paid[T + 1];      /* deep payments of a request */

#ifdef NO_FINISH_SIGNED_FINAL
#define FINISH_SIGNED(t) true
#else
#define FINISH_SIGNED(t) (!final[t])
#endif
#ifdef NO_PROOF
#define PROVEN(i) true
#else
#define PROVEN(i) (deep[i])
#endif
#ifdef NO_ADOPT
#define IS_PAYMENT(i) (used[i] == OURS)
#else
#define IS_PAYMENT(i) (used[i] == OURS || used[i] == EQUAL)
#endif

#define MAY_MINE(i) (used[i] == UNUSED && (i == 0 || used[i - 1] != UNUSED))

/* ledger/transactionTable.ts finish: the end is what the chain shows. */
inline finishSigned(t, what, i) {
  d_step {
    if
    :: FINISH_SIGNED(t) ->
       assert(deep[i] && (what == MINED) == (used[i] != FOREIGN));
       final[t] = true; told[t] = what; changed[t] = 255
    :: else
    fi
  }
}

inline deepen(i) {
  deep[i] = true;
  if
  :: used[i] == OURS && raw[i] <= T -> paid[raw[i]]++; assert(paid[raw[i]] == 1)
  :: used[i] == EQUAL -> paid[owner[i]]++; assert(paid[owner[i]] == 1)
  :: else
  fi
}

#define CHAIN_STEPS(i) \
  :: atomic { MAY_MINE(i) && raw[i] != 0 && sent[i] -> used[i] = OURS } \
  :: atomic { MAY_MINE(i) && foreigns < FOREIGNS -> used[i] = FOREIGN; foreigns++ } \
  :: atomic { MAY_MINE(i) && FOREIGNS > 0 && foreigns == 0 && owner[i] != NOBODY && owner[i] <= T && bound[owner[i]] == i && boundClaim[owner[i]] == claim[i] -> used[i] = EQUAL; foreigns++ } \
  :: atomic { used[i] != UNUSED && !deep[i] && (i == 0 || deep[i - 1]) -> deepen(i) } \
  :: atomic { used[i] != UNUSED && !deep[i] && (i == N - 1 || used[i + 1] == UNUSED) && reorgs < REORGS -> used[i] = UNUSED; reorgs++ }

proctype Chain() {
  do
  CHAIN_STEPS(0)
#if N > 1
  CHAIN_STEPS(1)
#endif
#if N > 2
  CHAIN_STEPS(2)
#endif
#ifdef LEASE
  :: atomic { holder != 0 && !lapsed && !centuries && lapses < LAPSES -> lapsed = true; lapses++ }
#endif
  od
}

/* For the last rounds: what can be mined is, and stays. */
inline settleChain() {
  d_step {
    i = 0;
    do
    :: i < N ->
       if
       :: MAY_MINE(i) && raw[i] != 0 && sent[i] -> used[i] = OURS
       :: else
       fi;
       if
       :: used[i] != UNUSED && !deep[i] -> deepen(i)
       :: else
       fi;
       i++
    :: else -> break
    od;
    i = 0
  }
}

/* Before a nonce is looked after: is it used? What is for good and what is
 * written for it are one step, as it cannot change in between. */
inline inspectUsed() {
  if
  /* reconcile/inspectSigned.ts inspectSigned, reconcile/settle.ts settleMined */
  :: atomic { MAY && (act[i] == SIGNED || act[i] == UNSENT) && used[i] != UNUSED && PROVEN(i) ->
       if
       :: raw[i] <= T && !final[raw[i]] ->
          if
          :: IS_PAYMENT(i) -> finishSigned(raw[i], MINED, i)
          :: else -> finishSigned(raw[i], DROPPED, i)
          fi
       :: else
       fi;
       act[i] = LEAVE;
       if :: below == i -> below++ :: else fi
     }
  :: atomic { MAY && (act[i] == SIGNED || act[i] == UNSENT) && (used[i] == UNUSED || !PROVEN(i)) ->
       if :: act[i] == SIGNED -> act[i] = LEAVE :: else fi
     }
  /* reconcile/inspectUnsigned.ts inspectUnsigned: a reorg has given it back */
  :: atomic { MAY && act[i] == ELSEWHERE && used[i] == UNUSED -> skip };
     atomic { MAY; free(i, EXTERNAL, seen[i]); act[i] = (ok -> GAP : LEAVE); STOP(MOST) };
     if
     :: atomic { MAY && ok -> inFree[i] = true; STOP(MOST) }
     :: !ok
     fi
  :: atomic { MAY && act[i] == ELSEWHERE && used[i] != UNUSED ->
       act[i] = LEAVE;
       if :: below == i && deep[i] -> below++ :: else fi
     }
  /* reconcile/isExternal.ts isExternal: nothing is signed for it here */
  :: atomic { MAY && act[i] >= LOOSE && act[i] <= FILLING && used[i] == FOREIGN -> skip };
     atomic { MAY; handOver(i, who[i], seen[i]); STOP(MOST) };
     if
     :: atomic { MAY && ok -> inFree[i] = false; STOP(MOST) };   /* ledger/headTable.ts removeFree */
        if
        :: atomic { MAY && who[i] != NOBODY && who[i] <= T && bound[who[i]] == i && boundClaim[who[i]] == seen[i] ->
             changed[who[i]] = changed[who[i]] & ~ME; r = ME
           };
           atomic { MAY; unbind(who[i], r); r = 0; STOP(MOST) }
        :: atomic { MAY && (who[i] == NOBODY || who[i] > T || bound[who[i]] != i || boundClaim[who[i]] != seen[i]) }
        fi
     :: !ok
     fi;
     act[i] = LEAVE
  /* reconcile/isExternal.ts isExternal: bytes of ours that the ledger lacks */
  :: atomic { MAY && act[i] >= LOOSE && act[i] <= FILLING && used[i] == EQUAL -> skip };
     atomic { MAY;
       if
       :: who[i] != NOBODY && who[i] <= T && act[i] != ORPHAN -> store(i, who[i], seen[i]); sent[i] = sent[i] || ok
       :: else
       fi;
       act[i] = LEAVE; ok = false;
       STOP(MOST)
     }
  :: atomic { MAY && act[i] >= LOOSE && act[i] <= FILLING && (used[i] == UNUSED || used[i] == OURS) }
  :: act[i] == LEAVE || act[i] == MISSING
  fi
}

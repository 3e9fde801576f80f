/* A round of the reconciler: it reads all rows, then their transactions, and
 * goes through them one by one with what it has read, however old that is by
 * then. Whether a grace period is over is chosen freely, except in the last
 * rounds, which begin when everything else is through or dead. */
#ifndef LETGOS
#define LETGOS 0
#endif
bool over;     /* the last rounds are through */
byte ran;      /* reconcilers that have begun */
byte letGos;   /* refusals of the node, or of `prepare`, so far */

#define LEAVE   0
#define MISSING 1   /* below the head, without a row */
#define LOOSE   2   /* without an owner */
#define ORPHAN  3   /* of a transaction that has another nonce or claim */
#define UNBOUND 4   /* of a transaction that has no nonce */
#define BOUND   5
#define FILLING 6   /* the filler's, not signed */
#define UNSENT  7
#define GAP     8   /* free, below what is signed */
#define SIGNED  9
#define ELSEWHERE 10   /* another wallet's */

#ifdef CHAIN
#define IF_SIGNED SIGNED
#else
#define IF_SIGNED LEAVE
#endif

/* reconcile/inspectNonces.ts inspectNonces */
inline readRows() {
  d_step {
    i = 0; high = 0;
    do
    :: i < N && i < next ->
       if
       :: !there[i] -> act[i] = MISSING
       :: there[i] && raw[i] != 0 ->
          high = i;
          if
          :: !sent[i] -> act[i] = UNSENT; who[i] = raw[i]
          :: else -> act[i] = IF_SIGNED
          fi
       :: there[i] && raw[i] == 0 && owner[i] == NOBODY -> act[i] = LOOSE
       :: there[i] && raw[i] == 0 && owner[i] == FILLER ->
          act[i] = FILLING; who[i] = FILLER; seen[i] = claim[i]
       :: there[i] && raw[i] == 0 && owner[i] == EXTERNAL -> act[i] = ELSEWHERE; seen[i] = claim[i]
       :: there[i] && raw[i] == 0 && owner[i] != NOBODY && owner[i] <= T ->
          act[i] = BOUND; who[i] = owner[i]; seen[i] = claim[i]
       fi;
       i++
    :: else -> break
    od;
    i = 0
  }
}

/* reconcile/inspectUnsigned.ts inspectUnsigned */
inline readTransactions() {
  d_step {
    do
    :: i < N ->
       if
       :: act[i] == BOUND ->
          if
          :: final[who[i]] -> act[i] = ORPHAN
          :: !final[who[i]] && bound[who[i]] == NO -> act[i] = UNBOUND
          :: !final[who[i]] && bound[who[i]] != NO && (bound[who[i]] != i || boundClaim[who[i]] != seen[i]) -> act[i] = ORPHAN
          :: else
          fi
       :: else
       fi;
       i++
    :: else -> break
    od;
    i = 0
  }
}

#define NOTHING   0
#define ADVANCING 1
#define LETTING   2
#define ENDING    3
#define READ_LATEST(what) \
  if \
  :: final[t] -> doing = NOTHING \
  :: else -> \
     doing = what; n = bound[t]; c = boundClaim[t]; \
     if \
     :: what == ENDING || n != NO -> r = ME; changed[t] = changed[t] & ~r \
     :: else -> doing = NOTHING \
     fi \
  fi

#define OPEN (i - N + 1)
#define HOLE (i - N - T)

/* Once quiet: no gap below a signed nonce, all that is stored has been sent,
 * and every request is paid or told its end, unless the nonces ran out. */
inline IS_WELL() {
  i = 0; high = 0; n = 0;
  do
  :: i < N ->
     if
     :: raw[i] != 0 -> high = i; n++; assert(sent[i])
     :: raw[i] == 0 && owner[i] == EXTERNAL -> n++
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0;
  do
  :: i < high -> assert(raw[i] != 0 || owner[i] == EXTERNAL); i++
  :: else -> break
  od;
  i = 1;
  do
  :: i <= T ->
#ifdef CHAIN
     assert(!accepted[i] || final[i] || n == N);
#else
     assert(!accepted[i] || stored[i] == 1 || ended[i] || n == N);
#endif
     i++
  :: else -> break
  od;
  i = 0; high = 0; n = NO
}

/* On to what has to be done, over what was left alone. */
inline skipIdle() {
  do
  :: i < N && act[i] == LEAVE -> i++
  :: i >= N + T && i < N + T + N && act[HOLE] != GAP -> i++
  :: else -> break
  od
}

#define GO_ON \
  skipIdle(); \
  if \
  :: i < N -> goto atNonce \
  :: i >= N && i < N + T -> goto atOpen \
  :: i >= N + T && i < N + T + N -> goto atGap \
  :: else -> goto roundOver \
  fi

#define MAY  (!quiet || last)
#define MOST (last -> 0 : CRASHES)
#ifdef LEASE
#include "lease.pml"
#endif
#ifdef CHAIN
#include "chain.pml"
#endif

proctype Reconciler(byte rounds; bool last; byte turn) {
  byte n = NO;
  byte c;
  bool ok;
  bool wasFree;
  byte t;          /* the transaction to go on with */
  byte r;          /* its revision, as read */
  byte i;          /* first nonces, then open transactions, then gaps */
  byte high;
  byte doing;
  byte act[N];
  byte who[N];
  byte seen[N];    /* claims, as read */
#ifdef CHAIN
  byte below;      /* every nonce below it is settled for good */
#endif
#ifdef LEASE
  byte from;
#endif

  if
  :: atomic { last && alive <= CRASHES - crashes -> quiet = true }
  :: !last
  fi;
  do
  :: rounds == 0 -> break
  :: rounds != 0 ->
     atomic { MAY && ran >= turn;
       rounds--;
       if :: !last && turn == ran -> ran++ :: else fi;
       turn = 0;
#ifdef LEASE
       acquire()
     };
     atomic { MAY;
#endif
#ifdef CHAIN
       below = 0;
       if :: last -> settleChain() :: else fi;
#endif
       readRows();
#ifdef LEASE
       d_step {   /* what is settled for good is left alone */
         i = 0;
         do
         :: i < from -> act[i] = LEAVE; who[i] = 0; seen[i] = 0; below++; i++
         :: else -> break
         od;
         i = 0
       }
#endif
     };
     atomic { MAY; readTransactions(); GO_ON };
atNonce:
#ifdef CHAIN
        inspectUsed();
#endif
        if
#ifdef CHAIN
        :: atomic { act[i] == LEAVE || act[i] == GAP -> goto done }
#endif
        :: atomic { !last && act[i] >= ORPHAN && act[i] <= FILLING -> goto done }   /* within its grace */
        :: atomic { MAY && act[i] == MISSING -> createFree(i); STOP(MOST) };
           if
           :: atomic { MAY && owner[i] == NOBODY && raw[i] == 0 -> act[i] = GAP };
              atomic { MAY; inFree[i] = true; STOP(MOST); goto done }   /* ledger/headTable.ts addFree */
           :: atomic { MAY && (owner[i] != NOBODY || raw[i] != 0) -> act[i] = LEAVE; goto done }
           fi
        :: atomic { MAY && act[i] == LOOSE -> inFree[i] = true; act[i] = GAP; STOP(MOST); goto done }
        :: atomic { MAY && act[i] == ORPHAN ->
             free(i, who[i], seen[i]);
             act[i] = (ok -> GAP : LEAVE);
             STOP(MOST) HINT(MAY)
             if :: ok -> inFree[i] = true; STOP(MOST) :: else fi;
             goto done
           }
        :: atomic { MAY && act[i] == UNBOUND ->
             bind(who[i], i, seen[i]);
             if :: ok -> t = who[i]; n = i; c = seen[i] :: else fi;
             STOP(MOST);
             if :: ok -> goto complete :: else fi
           };
           atomic { MAY;
             free(i, who[i], seen[i]);
             act[i] = (ok -> GAP : LEAVE);
             STOP(MOST) HINT(MAY)
             if :: ok -> inFree[i] = true; STOP(MOST) :: else fi;
             goto done
           }
        :: act[i] == BOUND -> t = who[i]; n = i; c = seen[i]
        :: atomic { MAY && act[i] == FILLING ->   /* reconcile/fillGap.ts signFiller */
             store(i, FILLER, seen[i]);
             STOP(MOST);
             if :: ok :: else -> goto done fi
           };
           atomic { MAY; broadcast(i, FILLER); goto done }
        :: atomic { MAY && act[i] == UNSENT -> broadcast(i, who[i]); goto done }   /* reconcile/pushPending.ts pushPending */
        fi;
        goto complete;
atOpen:   /* reconcile/inspectOpen.ts inspectOpen */
        if
        :: atomic { MAY && accepted[OPEN] && !final[OPEN] ->
             t = OPEN; n = bound[t]; c = boundClaim[t];
             if :: n != NO -> r = ME; changed[t] = changed[t] & ~r :: else fi
           };
           if
           :: n == NO
           :: atomic { MAY && n != NO && owner[n] == t && claim[n] == c ->
                changed[t] = changed[t] | r; t = 0; goto done
              }
           :: atomic { MAY && n != NO && (owner[n] != t || claim[n] != c) -> n = NO; c = 0 };
              atomic { MAY; unbind(t, r); if :: !ok -> t = 0 :: else fi; ok = false; STOP(MOST); if :: t == 0 -> goto done :: else fi }
           fi
        :: atomic { !last -> goto done }
        :: atomic { MAY && (!accepted[OPEN] || final[OPEN]) -> goto done }
        fi;
        goto complete;
atGap:
        if
        :: atomic { MAY && act[HOLE] == GAP ->   /* reconcile/fillGap.ts fillGap */
             n = HOLE;
             take(n, FILLER, c);
             STOP(MOST) HINT(MAY)
             if :: ok -> inFree[n] = false; STOP(MOST) :: else -> goto done fi   /* ledger/headTable.ts removeFree */
           };
           atomic { MAY;
             store(n, FILLER, c);
             STOP(MOST);
             if :: ok :: else -> goto done fi
           };
           atomic { MAY; broadcast(n, FILLER); goto done }
        :: atomic { !last -> goto done }   /* within its grace, or another one took it */
        fi;
complete:   /* reconcile/completeUnsigned.ts completeUnsigned */
        if
        :: atomic { t == 0 -> goto done }
        :: atomic { MAY && t != 0 && cancelRequested[t] -> READ_LATEST(ENDING) }
        :: atomic { MAY && t != 0 && !cancelRequested[t] && !last && letGos < LETGOS ->
             letGos++; READ_LATEST(LETTING)
           }
        :: atomic { MAY && t != 0 && !cancelRequested[t] && !last && letGos < LETGOS ->
             letGos++; READ_LATEST(ENDING)
           }
        :: atomic { MAY && t != 0 && !cancelRequested[t] -> doing = ADVANCING; r = 0 }
        fi;
        if
        :: doing == ADVANCING -> advance(t, MAY, MOST)
        :: atomic { doing == NOTHING -> goto done }
        :: atomic { MAY && doing == ENDING && n == NO -> finishUnsigned(t, r); goto done }   /* transaction/endUnsigned.ts endUnsigned */
        :: atomic { MAY && (doing == LETTING || doing == ENDING) && n != NO ->
             free(n, t, c);
             STOP(MOST) HINT(MAY)
             if
             :: ok -> inFree[n] = true; STOP(MOST)   /* ledger/headTable.ts addFree */
             :: else -> changed[t] = changed[t] | r; goto done
             fi
           };
           if
           :: atomic { MAY && doing == LETTING -> unbind(t, r); STOP(MOST); goto done }   /* reconcile/completeUnsigned.ts letGo */
           :: atomic { MAY && doing == ENDING -> finishUnsigned(t, r); STOP(MOST); goto done }
           fi
        fi;
done:
     atomic {
       if
       :: i < N ->
          who[i] = 0; seen[i] = 0;
          if :: act[i] != GAP || i >= high -> act[i] = LEAVE :: else fi
       :: i >= N + T -> act[HOLE] = LEAVE
       :: else
       fi;
       t = 0; n = NO; c = 0; r = 0; ok = false; wasFree = false; doing = NOTHING;
       i++;
       GO_ON
     };
roundOver:
#ifdef LEASE
     release();
skipped:
#endif
stopped:
     atomic {
       if :: r != 0 -> changed[t] = changed[t] | r :: else fi;
       i = 0;
       do
       :: i < N -> act[i] = LEAVE; who[i] = 0; seen[i] = 0; i++
       :: else -> break
       od;
       t = 0; n = NO; c = 0; r = 0; ok = false; wasFree = false; doing = NOTHING;
       i = 0; high = 0
     }
  od;
  if
  :: last -> d_step { IS_WELL(); over = true }
  :: atomic { !last && !quiet -> alive-- }
  fi
}

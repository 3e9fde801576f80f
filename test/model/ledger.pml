/* The rows of the ledger and its conditional writes. Each inline is one write
 * of one item; -DNO_... drops one condition (writes.ts lists them all).
 *
 * T requests, N nonces. A claim is drawn from a counter of the nonce at each
 * reserve and each take: claims are only ever compared on one nonce's row. */
#ifndef T
#define T 1
#endif
#ifndef N
#define N 2
#endif

#define NO   N        /* a transaction without a nonce */
#define NOBODY 0      /* a nonce without an owner */
#define FILLER (T + 1)
#define EXTERNAL (T + 2)

/* The head: both are hints. */
byte next;
bool inFree[N];

/* The nonces' rows. `raw` names whose bytes are stored: a request or FILLER. */
bool there[N];
byte owner[N];
byte claim[N];
byte raw[N];
byte drawn[N];
bool sent[N];         /* the network has the stored bytes */

/* The transactions' rows. */
bool accepted[T + 1];
byte bound[T + 1] = NO;
byte boundClaim[T + 1];
byte changed[T + 1] = 255;  /* by reader: since it read the row (its revision is another) */
bool final[T + 1];
bool cancelRequested[T + 1];

/* What the properties need and no process reads. */
byte stored[T + 1];   /* first attempts stored for a request, on any nonce */
bool ended[T + 1];    /* told an end that says: nothing was signed */
bool promised[T + 1]; /* a cancel was noted while it had no nonce */

#ifdef NO_BIND_FINAL
#define BIND_FINAL(t) true
#else
#define BIND_FINAL(t) (!final[t])
#endif
#ifdef NO_BIND_CANCEL
#define BIND_CANCEL(t) true
#else
#define BIND_CANCEL(t) (!cancelRequested[t])
#endif
#ifdef NO_BIND_CLAIM
#define BIND_CLAIM(t, c) true
#else
#define BIND_CLAIM(t, c) (boundClaim[t] == c)
#endif
#ifdef NO_BIND_NONCE
#define BIND_NONCE(t, n, c) true
#else
#define BIND_NONCE(t, n, c) (bound[t] == NO || (bound[t] == n && BIND_CLAIM(t, c)))
#endif
#ifdef NO_UNBIND_FINAL
#define UNBIND_FINAL(t) true
#else
#define UNBIND_FINAL(t) (!final[t])
#endif
#ifdef NO_UNBIND_REVISION
#define UNBIND_REVISION(t, r) true
#else
#define UNBIND_REVISION(t, r) (!(changed[t] & r))
#endif
#ifdef NO_FINISH_FINAL
#define FINISH_FINAL(t) true
#else
#define FINISH_FINAL(t) (!final[t])
#endif
#ifdef NO_FINISH_REVISION
#define FINISH_REVISION(t, r) true
#else
#define FINISH_REVISION(t, r) (!(changed[t] & r))
#endif
#ifdef NO_RESERVE
#define RESERVE(n) true
#else
#define RESERVE(n) (!there[n])
#endif
#ifdef NO_CREATE_FREE
#define CREATE_FREE(n) true
#else
#define CREATE_FREE(n) (!there[n])
#endif
#if defined(NO_TAKE_RAW) || defined(NO_TAKE)
#define TAKE_RAW(n) true
#else
#define TAKE_RAW(n) (raw[n] == 0)
#endif
#if defined(NO_TAKE_OWNER) || defined(NO_TAKE)
#define TAKE_OWNER(n) true
#else
#define TAKE_OWNER(n) (owner[n] == NOBODY)
#endif
#ifdef NO_FREE_RAW
#define FREE_RAW(n) true
#else
#define FREE_RAW(n) (raw[n] == 0)
#endif
#ifdef NO_FREE_OWNER
#define FREE_OWNER(n, o) true
#else
#define FREE_OWNER(n, o) (owner[n] == o)
#endif
#if defined(NO_FREE_CLAIM) || defined(NO_FREE_OWNER)
#define FREE_CLAIM(n, c) true
#else
#define FREE_CLAIM(n, c) (claim[n] == c)
#endif
#ifdef NO_HAND_OVER_RAW
#define HAND_OVER_RAW(n) true
#else
#define HAND_OVER_RAW(n) (raw[n] == 0)
#endif
#ifdef NO_HAND_OVER_OWNER
#define HAND_OVER_OWNER(n, o) true
#else
#define HAND_OVER_OWNER(n, o) (owner[n] == o)
#endif
#if defined(NO_HAND_OVER_CLAIM) || defined(NO_HAND_OVER_OWNER)
#define HAND_OVER_CLAIM(n, c) true
#else
#define HAND_OVER_CLAIM(n, c) (claim[n] == c)
#endif
#ifdef NO_STORE_RAW
#define STORE_RAW(n) true
#else
#define STORE_RAW(n) (raw[n] == 0)
#endif
#if defined(NO_STORE_OWNER) || defined(NO_STORE_OWNER_CLAIM)
#define STORE_OWNER(n, o) true
#else
#define STORE_OWNER(n, o) (owner[n] == o)
#endif
#if defined(NO_STORE_CLAIM) || defined(NO_STORE_OWNER_CLAIM)
#define STORE_CLAIM(n, c) true
#else
#define STORE_CLAIM(n, c) (claim[n] == c)
#endif

/* A signed nonce's row never changes its owner and never loses its bytes. */
#define SIGNED_IS_FOR_EVER(n) assert(raw[n] == 0)

/* ledger/transactionTable.ts accept */
inline accept(t) {
  d_step {
    if
#ifdef NO_ACCEPT
    :: true ->
#else
    :: !accepted[t] ->
#endif
       accepted[t] = true;
       bound[t] = NO; boundClaim[t] = 0;
       final[t] = false; cancelRequested[t] = false; changed[t] = 255
    :: else
    fi
  }
}

/* ledger/transactionTable.ts bind */
inline bind(t, n, c) {
  d_step {
    ok = accepted[t] && BIND_FINAL(t) && BIND_CANCEL(t) && BIND_NONCE(t, n, c);
    if
    :: ok -> bound[t] = n; boundClaim[t] = c; changed[t] = 255
    :: else
    fi
  }
}

/* ledger/transactionTable.ts unbind */
inline unbind(t, r) {
  d_step {
    ok = UNBIND_FINAL(t) && UNBIND_REVISION(t, r);
    if
    :: ok -> bound[t] = NO; boundClaim[t] = 0; changed[t] = 255
    :: else -> changed[t] = changed[t] | r
    fi
  }
}

/* ledger/transactionTable.ts requestCancel */
inline requestCancel(t) {
  d_step {
    if
    :: !final[t] ->
       cancelRequested[t] = true; changed[t] = 255;
       promised[t] = (bound[t] == NO)
    :: else
    fi
  }
}

/* ledger/transactionTable.ts finish: the end of what nothing is signed for.
 * Told so, it must never be signed: not before, and (in store) not after. */
inline finishUnsigned(t, r) {
  d_step {
    ok = FINISH_FINAL(t) && FINISH_REVISION(t, r);
    if
    :: ok ->
       assert(stored[t] == 0);
       final[t] = true; ended[t] = true;
       bound[t] = NO; boundClaim[t] = 0; changed[t] = 255
    :: else -> changed[t] = changed[t] | r
    fi
  }
}

/* ledger/nonceTable.ts reserve */
inline reserve(n, o, c) {
  d_step {
    ok = RESERVE(n);
    if
    :: ok ->
       SIGNED_IS_FOR_EVER(n);
       drawn[n]++; c = drawn[n];
       there[n] = true; owner[n] = o; claim[n] = c; raw[n] = 0
    :: else
    fi
  }
}

/* ledger/nonceTable.ts createFree */
inline createFree(n) {
  d_step {
    if
    :: CREATE_FREE(n) ->
       SIGNED_IS_FOR_EVER(n);
       there[n] = true; owner[n] = NOBODY; claim[n] = 0; raw[n] = 0
    :: else
    fi
  }
}

/* ledger/nonceTable.ts take */
inline take(n, o, c) {
  d_step {
    ok = there[n] && TAKE_RAW(n) && TAKE_OWNER(n);
    if
    :: ok ->
       SIGNED_IS_FOR_EVER(n);
       drawn[n]++; c = drawn[n];
       owner[n] = o; claim[n] = c
    :: else
    fi
  }
}

/* ledger/nonceTable.ts free */
inline free(n, o, c) {
  d_step {
    ok = there[n] && FREE_RAW(n) && FREE_OWNER(n, o) && FREE_CLAIM(n, c);
    if
    :: ok ->
       SIGNED_IS_FOR_EVER(n);
       owner[n] = NOBODY; claim[n] = 0
    :: else
    fi
  }
}

/* ledger/nonceTable.ts handOver: to another wallet's transaction. */
inline handOver(n, o, c) {
  d_step {
    ok = there[n] && HAND_OVER_RAW(n) && HAND_OVER_OWNER(n, o) && HAND_OVER_CLAIM(n, c);
    if
    :: ok ->
       SIGNED_IS_FOR_EVER(n);
       owner[n] = EXTERNAL
    :: else
    fi
  }
}

/* ledger/nonceTable.ts storeAttempt: the first one. `ok`: these bytes, or
 * those that another process stored under the same claim, may be broadcast. */
inline store(n, o, c) {
  d_step {
    if
    :: there[n] && STORE_RAW(n) && STORE_OWNER(n, o) && STORE_CLAIM(n, c) ->
       /* Two transactions never share a nonce. */
       assert(raw[n] == 0 || raw[n] == o);
       assert(owner[n] == o);
       raw[n] = o; sent[n] = false; ok = true;
       if
       :: o <= T ->
          stored[o]++;
          assert(stored[o] == 1);     /* one request, one first attempt */
          assert(!ended[o]);          /* told that nothing is signed */
          assert(!promised[o])        /* told that it gets no nonce */
       :: else
       fi
    :: else -> ok = there[n] && owner[n] == o && claim[n] == c && raw[n] != 0
    fi
  }
}

/* transaction/broadcast.ts broadcast: only what is stored. */
inline broadcast(n, o) {
  d_step { assert(raw[n] == o); sent[n] = true }
}

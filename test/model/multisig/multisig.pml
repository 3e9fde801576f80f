/* One payment P and the empty call R at the same nonce of a Safe that takes two
 * of its owners: proposed, approved, executed, rejected and expired in every
 * order of the writes on their two rows. A process that dies is one that takes
 * no further step; each property is looked at where it could break. */
#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef EACH
#define EACH 1         /* approvals of one owner at once */
#endif
#ifndef EXECUTORS
#define EXECUTORS 2
#endif
#ifndef REJECTERS
#define REJECTERS 1
#endif
#define P 0
#define R 1
#define OPEN 0
#define EXECUTING 1
#define REJECTED 2

/* The rows. */
bool there[2];
byte status[2];
byte sigs[2];          /* a bit for each owner */
bool late[2];          /* rejected after it was, or may have been, handed over */

bool expired[2];       /* its time is over, by the clock of who looks */
byte sent[2];          /* transactions of the relayer */
byte executed;         /* by the Safe: 1 + P, 1 + R */

/* What callers were told, or may rely on. */
byte stores[6];        /* signatures stored, by proposal and owner */
bool closed[2];        /* a reject was answered */
bool early[2];         /* and said that nothing had been handed over */
bool alone[2];         /* and proposed nothing in its place */

#define ENOUGH(p) ((sigs[p] & 1) + ((sigs[p] >> 1) & 1) + ((sigs[p] >> 2) & 1) >= 2)

#ifdef NO_CREATE
#define FREE(p) true
#else
#define FREE(p) (!there[p])
#endif
#ifdef NO_SIGNATURE_ABSENT
#define UNSIGNED(p, mark) true
#else
#define UNSIGNED(p, mark) ((sigs[p] & mark) == 0)
#endif
#ifdef NO_SIGNATURE_STATUS
#define SIGNABLE(p) true
#else
#define SIGNABLE(p) (status[p] == OPEN || status[p] == EXECUTING)
#endif
#ifdef NO_SIGNATURE_TIME
#define IN_TIME_TO_SIGN true
#else
#define IN_TIME_TO_SIGN (!over)
#endif
#ifdef NO_BEGIN_STATUS
#define BEGINNABLE(p) true
#else
#define BEGINNABLE(p) (status[p] == OPEN || status[p] == EXECUTING)
#endif
#ifdef NO_BEGIN_TIME
#define IN_TIME_TO_BEGIN true
#else
#define IN_TIME_TO_BEGIN (!over)
#endif
#ifdef NO_REJECT_OPEN
#define REJECTABLE(p) (status[p] != REJECTED)
#else
#define REJECTABLE(p) (status[p] == OPEN)
#endif
#ifdef NO_REJECT_RETURNED
#define SEEN before
#else
#define SEEN sigs[p]
#endif
#ifdef NO_KEY
#define UNKNOWN(p) true
#else
#define UNKNOWN(p) (sent[p] == 0)
#endif

/* multisig/createProposalStore.ts create */
inline create(p) {
  atomic {
    if
    :: FREE(p) -> there[p] = true; status[p] = OPEN; sigs[p] = 0; late[p] = false
    :: else
    fi
  }
}

/* coordination/createCoordinator.ts propose: also once more. */
proctype Proposer() {
  create(P);
  create(P)
}

/* coordination/approve.ts approve */
proctype Cosigner(byte owner, p) {
  bool over;
  byte mark = 1 << owner;
  atomic {
    if
    :: there[p] && status[p] != REJECTED && !expired[p] && executed == 0 &&
       (sigs[p] & mark) == 0
    :: else -> goto done
    fi
  }
  /* KMS signs; whoever dies from here on leaves nothing behind. */
  over = expired[p];
  /* multisig/createProposalStore.ts addSignature */
  atomic {
    if
    :: UNSIGNED(p, mark) && SIGNABLE(p) && IN_TIME_TO_SIGN ->
       sigs[p] = sigs[p] | mark;
       stores[3 * p + owner]++;
       assert(stores[3 * p + owner] <= 1);
       assert(!closed[p] && !alone[p]);
       assert(!over)
    :: else
    fi
  }
done: skip
}

/* coordination/createCoordinator.ts execute */
proctype Executor(byte p) {
  bool over;
  atomic {
    if
    :: there[p] && status[p] != REJECTED && !expired[p] && executed == 0 &&
       ENOUGH(p)
    :: else -> goto done
    fi
  }
  over = expired[p];
  /* multisig/createProposalStore.ts beginExecution */
  atomic {
    if
    :: BEGINNABLE(p) && IN_TIME_TO_BEGIN -> status[p] = EXECUTING; assert(!over)
    :: else -> goto done
    fi
  }
  /* coordination/Relayer.ts send: one key, one transaction. */
  atomic {
    assert(ENOUGH(p));
    assert(!early[p] && !alone[p]);
    if
    :: UNKNOWN(p) -> sent[p]++; assert(sent[p] <= 1)
    :: else
    fi
  }
done: skip
}

/* coordination/createCoordinator.ts reject */
proctype Rejecter(byte p) {
  byte before;
  atomic {
    if
    :: there[p] && executed == 0 -> before = sigs[p]
    :: else -> goto done
    fi
  }
  /* multisig/createProposalStore.ts reject */
  atomic {
    if
    :: status[p] != REJECTED && REJECTABLE(p) ->
       status[p] = REJECTED; closed[p] = true; early[p] = true;
       before = SEEN
    :: status[p] != REJECTED && !REJECTABLE(p) -> skip
    :: status[p] == REJECTED -> before = sigs[p]
    fi
  }
  atomic {
    if
    :: status[p] == EXECUTING ->
       status[p] = REJECTED; late[p] = true; closed[p] = true; before = sigs[p]
    :: else
    fi
  }
  if
  :: status[p] == REJECTED && (before != 0 || late[p]) && p == P -> create(R)
  :: status[p] == REJECTED && before == 0 && !late[p] ->
     alone[p] = true;
     assert(sigs[p] == 0 && sent[p] == 0)
  :: else
  fi;
done: skip
}

/* Whoever has enough signatures, and the miners. */
proctype Chain() {
  do
  :: atomic { executed == 0 && sent[P] > 0 -> executed = 1 + P }
  :: atomic { executed == 0 && sent[R] > 0 -> executed = 1 + R }
  :: atomic { executed == 0 && ENOUGH(P) -> executed = 1 + P }
  :: atomic { !expired[P] -> expired[P] = true }
  :: executed != 0 && expired[P] -> break
  od
}

init {
  byte i, j;
  atomic {
    run Proposer();
    i = 0;
    do
    :: i < OWNERS ->
       j = 0;
       do
       :: j < EACH -> run Cosigner(i, P); j++
       :: else -> break
       od;
#ifdef BOTH
       run Cosigner(i, R);
#endif
       i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < EXECUTORS -> run Executor(P); i++
    :: else -> break
    od;
#ifdef BOTH
    run Executor(R);
#endif
    run Rejecter(P);
#if REJECTERS > 1
    run Rejecter(P);
#endif
    run Chain()
  }
}

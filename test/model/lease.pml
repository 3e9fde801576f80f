/* The reconciler's lease. Its time passes when it likes; an enemy's lasts for
 * centuries and never lapses. */
#ifndef LAPSES
#define LAPSES 1
#endif
#define ENEMY 255

byte holder;
bool lapsed;           /* until < now */
bool centuries;        /* until > now + 5 minutes */
byte lapses;
byte finalBelow;

#ifdef NO_LEASE_HOLDER
#define LEASE_HOLDER false
#else
#define LEASE_HOLDER (holder != 0)
#endif
#ifdef NO_LEASE_UNTIL
#define LEASE_LAPSED false
#else
#define LEASE_LAPSED lapsed
#endif
#ifdef NO_LEASE_BREAK
#define LEASE_BROKEN false
#else
#define LEASE_BROKEN centuries
#endif
#ifdef NO_RELEASE_HOLDER
#define RELEASE true
#else
#define RELEASE (holder == MINE)
#endif

/* Drawn anew for each run. */
#define MINE (2 * _pid + rounds)

/* ledger/leaseTable.ts lease */
inline acquire() {
  if :: last && !centuries -> lapsed = true :: else fi;
  if
  :: !LEASE_HOLDER || LEASE_LAPSED || LEASE_BROKEN ->
     holder = MINE; lapsed = false; centuries = false;
     from = finalBelow
  :: else -> goto skipped
  fi
}

/* ledger/leaseTable.ts release: below it, nobody looks any more. */
inline release() {
  atomic { MAY;
    if
    :: RELEASE ->
       holder = 0; lapsed = false; centuries = false;
       finalBelow = below;
       i = 0;
       do
       :: i < finalBelow -> assert(deep[i] && (raw[i] > T || final[raw[i]])); i++
       :: else -> break
       od
    :: else
    fi
  }
}

/* (c) Two requests, one process each, rounds of the reconciler that die and
 * begin anew; four nonces. */
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef N
#define N 3
#endif
#define T 2
#include "ledger.pml"
#include "sender.pml"
#include "reconciler.pml"

init {
  atomic {
    alive = 3;
    run Worker(1, 0);
    run Worker(2, 0);
    run Reconciler(ROUNDS, false, 0);
    run Reconciler(3, true, 0)
  };
  timeout -> assert(over)
}

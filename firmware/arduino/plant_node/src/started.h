// That a watering has begun, in two cells, before budget and id are written down (W4, W6).
//
// A booking and an id are 16 cells of 3.4 ms each: 55 ms in which a pump would have to wait. Two
// cells that were erased beforehand take 1.8 ms each. So the pump starts when the tag of its
// command's id is in them, and booking and id follow at once, while it runs; then the two are erased
// for the next one. Nothing else is done between the start and that, so there is one at a time.
//
// Cells that are not blank when the node boots are a watering that nobody knows more of, for the
// power failed in these 60 ms. It counts as the longest there can be, of any channel, made now, and
// its tag as an id that ran. Both are written down before the cells are erased. Wherever the power
// fails:
//
//   in the first cell     no pump has run. What a torn cell holds is taken for a tag, or for blank:
//                         too much is counted, or rightly nothing
//   in the second         the same
//   behind it             the pump may have run: the tag is whole, so the id can't run again, and
//                         30 s count
//   in booking or id      the cells still say so. The booking may count beside them: too much
//   while erasing         the same, or both are there and the cells are blank
//   while booting         it is done again from the beginning, and counts once more
//
// Cells that read as blank may have been erased by halves only, and what is written into them may
// not last. So a slot is erased anew before it is used, at boot and when the one before it is done with.
// Where the tag does not read back as written, booking and id come before the start. For wear, each
// watering has a slot of its own, and each boot begins at another one. A watering at boot that can't be written down keeps all pumps off.
#pragma once
#include <stdint.h>

#include "ids.h"
#include "ledger.h"

namespace plant {

class Started {
 public:
  // Once at boot, after the others. `boot`: a number that differs from one to the next. False if
  // what was found can't be written down: no pump may run.
  bool begin(Ledger *ledger, Ids *ids, uint8_t boot);
  bool may_run() const { return may_run_; }

  // Whether the tag stands there, so that the pump may start. If not, all else has to come first.
  bool write(IdMark mark);

  // The watering is booked, and its id noted.
  void settled();

 private:
  uint16_t address() const;
  uint16_t tag() const;
  void erase();

  uint8_t slot_;  // of the next one, beyond the ring too
  bool may_run_;
};

}  // namespace plant

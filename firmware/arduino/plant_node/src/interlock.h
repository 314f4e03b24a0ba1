// Tank and leak contacts: any of them keeps every pump off (W8).
//
// All of them pull their pin to ground. A float switch is closed while there is water: a cut wire
// then looks like an empty tank, and no pump runs. A leak probe closes when it gets wet. A place
// with `!` means a contact that works the other way round.
#pragma once
#include <stdint.h>

#include "wiring.h"

namespace plant {

class Interlock {
 public:
  enum Reason : uint8_t { kFree, kTank, kLeak };

  void begin(const Wiring *wiring);

  // A channel is something else from now on.
  void reset(uint8_t slot);

  // Looks at every contact; the reason why no pump may run. Water sloshes and floors dry slowly:
  // a contact is remembered for a while after it was last active.
  Reason poll();

  // Whether the danger is there, or was a moment ago. As poll() saw it last.
  bool active(uint8_t slot) const { return active_ >> slot & 1; }

 private:
  bool alarmed(uint8_t slot) const;

  const Wiring *wiring_;
  uint16_t seen_[kSlots];  // when a contact last was in alarm, in steps of 16 ms
  Mask active_;            // bits: within the calm after it
  Mask kept_;              // bits: it still keeps the pumps off
};

}  // namespace plant

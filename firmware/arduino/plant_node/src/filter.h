// What of a noisy channel is worth telling: the median of a window, a dead-band, a heartbeat.
// The same as the ESP32's, in whole numbers.
#pragma once
#include <stdint.h>

#include "tables.h"

namespace plant {

// A reading in 16 bits: a number in the unit that is told (tenths of a percent, lux, …), moved up so
// that frost fits, or the reason why there is none.
typedef uint16_t Value;

constexpr Value kOpen = 0xFFF8, kShort = 0xFFF9, kRange = 0xFFFA, kSilent = 0xFFFB, kNoValue = 0xFFFF;

inline bool is_number(Value value) { return value < kOpen; }
inline int32_t number_of(Value value) { return static_cast<int32_t>(value) - kShift; }
// Out of what the kind can be: kRange.
Value value_of(Kind kind, int32_t number);

class Filter {
 public:
  // The window lies in `room`, which has place for `median` readings. The dead-band is in
  // thousandths of the protocol's unit, the heartbeat in seconds.
  void begin(Kind kind, uint16_t *room, uint8_t median, uint32_t band, uint32_t heartbeat);

  // Takes one reading; true when told() is worth telling.
  bool add(Value value);

  Value told() const { return told_; }

  // Tell at the next reading, whatever it is: Home Assistant may have forgotten.
  void tell_again() { due_ = true; }

  // Start anew: what was measured before says nothing about what comes.
  void forget();

 private:
  bool tell(Value value, bool news);
  bool moved(Value middle) const;
  Value middle() const;

  uint16_t *room_;
  uint16_t band_;                // in the unit that is told
  uint16_t heartbeat_, told_at_;  // in steps of two seconds: a day fits
  Value told_;
  uint8_t median_, fill_, next_;
  uint8_t faults_ : 2;
  bool due_ : 1, light_ : 1;
};

}  // namespace plant

// Reads every sensor at its rhythm and passes on what is worth telling. A part that does not answer
// becomes `silent` on its own channels and disturbs nobody else.
#pragma once
#include <stdint.h>

#include "backlog.h"
#include "filter.h"
#include "interlock.h"
#include "sensors.h"
#include "wiring.h"

namespace plant {

class Sampler {
 public:
  void begin(const Wiring *wiring, const Interlock *interlock, Backlog *backlog);

  // Whenever a wiring or a tuning has changed, too: the windows are shared out anew.
  void share_out();
  void set_period(uint16_t seconds) { period_ = seconds; }

  void poll();

  // Tell every channel at its next reading.
  void tell_all();

  // Whether this median of the channel fits, beside all the others.
  bool has_room(uint8_t slot, const Tuning &tuning) const;

  // Takes the present voltage of a soil probe into `tuning` as its dry or wet point. False if the
  // probe has none, or the points lie too close.
  bool calibrate(uint8_t slot, bool wet, Tuning *tuning) const;
  void forget(uint8_t slot) { filters_[slot].forget(); }

 private:
  bool start_round();
  void read_all(uint32_t now);
  void read_contacts(uint32_t now);
  void take(uint8_t slot, Value value, ReadingSet *set);
  void finish(uint32_t now, ReadingSet *set);
  void read_air(uint8_t slot, ReadingSet *set);
  bool is_air(uint8_t slot) const;
  Value contact(uint8_t slot) const;

  const Wiring *wiring_;
  const Interlock *interlock_;
  Backlog *backlog_;
  sensors::Bh1750 light_;
  Filter filters_[kSlots];
  uint16_t pool_[kPool];
  uint32_t round_at_, air_at_;
  uint16_t looked_at_;
  uint16_t period_;  // seconds
  bool settling_, started_, light_failed_;
};

}  // namespace plant

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
  Sampler(const Wiring *wiring, const Interlock *interlock, Backlog *backlog)
      : wiring_(*wiring), interlock_(*interlock), backlog_(*backlog) {}

  // After boot, and whenever a wiring or a median has changed: the windows are shared out anew.
  void begin();
  void set_period(uint16_t seconds) { period_ms_ = seconds * 1000UL; }

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
  void prepare(uint8_t slot, uint16_t *room, uint8_t median);
  void start_round(uint32_t now);
  void read_all(uint32_t now);
  void read_contacts(uint32_t now);
  void take(uint8_t slot, Value value, uint32_t now);
  void finish(uint32_t now);
  void read_air(uint8_t slot, uint32_t now);
  bool is_air(uint8_t slot) const;

  const Wiring &wiring_;
  const Interlock &interlock_;
  Backlog &backlog_;
  sensors::Bh1750 light_;
  Filter filters_[kSlots];
  uint16_t pool_[kPool];
  uint32_t period_ms_ = kSampleDefault * 1000UL;
  uint32_t round_at_ = 0, looked_at_ = 0, air_at_ = 0;
  bool settling_ = false, started_ = false, light_failed_ = false;
};

}  // namespace plant

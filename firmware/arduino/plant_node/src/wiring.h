// What is connected to which channel, and how each channel is tuned: kept, and kept apart, so that
// a calibration that is lost takes no wiring with it.
#pragma once
#include <stdint.h>

#include "board.h"
#include "message.h"
#include "place.h"

namespace plant {

// Tuning of one channel. What nobody has set is the firmware's own.
struct Tuning {
  uint8_t median;      // 0: the kind's own
  uint32_t band;       // thousandths; kOwn: the kind's own
  uint32_t heartbeat;  // seconds; 0: the kind's own
  uint16_t dry_mv, wet_mv;
} __attribute__((packed));

constexpr uint32_t kOwnBand = 0xFFFFFFFF;

class Wiring {
 public:
  // Reads all of it; `fresh`: a new chip gets the wiring of the README.
  void begin(bool fresh);

  Kind kind(uint8_t slot) const { return kinds_[slot]; }
  Place place(uint8_t slot) const { return places_[slot]; }
  // Whether the record of this channel can't be read: nobody knows what it kept dry.
  bool lost(uint8_t slot) const { return lost_ >> slot & 1; }
  bool any_lost() const { return lost_ != 0; }

  // The label, of at most kLabelMax bytes; gives its size.
  uint8_t label(uint8_t slot, char *text) const;

  // Whether the channel may be wired like this, beside all the others.
  bool possible(uint8_t slot, Kind kind, Place place) const;

  // Keeps it; kNone for nothing. False if it could not be written: then nothing is there.
  bool set(uint8_t slot, Kind kind, Place place, const Text<kLabelMax> &label);

  static Tuning untuned();
  static Tuning tuning(uint8_t slot);
  static bool tune(uint8_t slot, const Tuning &tuning);

 private:
  bool put(uint8_t slot, Kind kind, Place place, const Text<kLabelMax> &label);

  Kind kinds_[kSlots];
  Place places_[kSlots];
  Mask lost_;
};

// For the first instructions after a reset, when no variable of this firmware exists yet: every
// output that the EEPROM knows is given to `off`, with the level that means off.
void each_output(void (*off)(uint8_t pin, bool level));

}  // namespace plant

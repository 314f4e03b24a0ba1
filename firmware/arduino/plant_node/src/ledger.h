// The watering ledger (W4, W5): what a pump was allowed, written down before it starts.
//
// A ring of bookings in EEPROM, each {number, channel, ms, when, checksum}. The number is written
// last and is destroyed first, so that a booking is whole or known to be broken, wherever the power
// failed. A broken slot held one booking at most, hence counts as the longest there can be, made
// now; when all are broken, that is more than a day's budget.
#pragma once
#include <stdint.h>

#include "life.h"
#include "tables.h"

namespace plant {

class Ledger {
 public:
  // Once at boot, after Life. `fresh`: this chip has never watered anything. Returns how many
  // bookings were lost and now count in full.
  uint8_t begin(Life *life, bool fresh);

  // Of a booking that was lost: nobody knows which one it was.
  static const uint8_t kNoChannel = 0xFF;

  // The ms until this channel may be watered again, and until `ms` more fit into the rolling day; 0
  // for now.
  struct Wait {
    uint32_t soak, budget;
  };
  Wait wait(uint8_t channel, uint16_t ms) const;

  // False if it could not be written down; then nothing may run.
  bool book(uint8_t channel, uint16_t ms);

  // The last booking stopped early: book what ran. If it can't be written, more is counted.
  void settle(uint16_t ran_ms);

 private:
  struct Booking {
    uint8_t number;
    uint8_t channel;
    uint16_t ms;
    uint32_t at;  // quarters of the node's life
  } __attribute__((packed));

  static uint16_t address(uint8_t slot);
  static bool read(uint8_t slot, Booking *booking);
  static bool write(uint8_t slot, const Booking &booking);
  static uint32_t end(const Booking &booking);
  uint32_t left(const Booking &booking) const;
  bool find_newest();
  void begin_anew(bool lost);

  Life *life_;
  uint8_t newest_;  // slot
  uint8_t number_;  // of the newest booking
};

}  // namespace plant

// A number that only ever rises by one, kept in a ring of EEPROM slots: wear is spread, and a power
// cut at any byte leaves the old number or the new one.
#pragma once
#include <stdint.h>

namespace plant {

class Counter {
 public:
  // Reads the ring at `at`; `slots` is a power of two. False when no number can be trusted; start()
  // is needed then.
  //
  // A slot counts only together with its neighbour: it holds n, belongs to n, and the one before
  // holds n - 1. Whatever a torn write leaves in the slot that was being written, it can't look
  // like a later number, because only the right one follows its neighbour.
  bool load(uint16_t at, uint8_t slots);

  // Fills the ring, so that it stands at `value` (at least `slots`).
  void start(uint32_t value);

  // False when the number could not be written; it then stays what it was.
  bool advance();

  uint32_t value() const { return value_; }

 private:
  uint32_t slot(uint32_t value) const;
  bool put(uint32_t value) const;

  uint16_t at_;
  uint8_t slots_;
  uint32_t value_;
};

}  // namespace plant
